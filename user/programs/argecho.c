/* argecho.c - prints its arguments */
#include <xinu.h>

int main(int argc, char *argv[])
{
    printf("argecho: %d arguments\n", argc);
    for (int i = 0; i < argc; i++)
        printf("argv[%d] = \"%s\"\n", i, argv[i]);
    printf("argv[%d] is %s\n", argc, argv[argc] == NULL ? "NULL" : "not NULL");
    return OK;
}
