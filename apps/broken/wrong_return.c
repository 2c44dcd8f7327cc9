/* wrong_return.c - greets each process by its name, in capitals */
#include <ctype.h>
#include <xinu.h>

static void capitals(char *to, const char *from)
{
    while (*from != '\0') {
        *to++ = (char)toupper(*from);
        from++;
    }
    *to = '\0';
}

static void greet(const char *name)
{
    char text[12];

    capitals(text, name);
    printf("Hello, %s!\n", text);
}

process main(void)
{
    greet("Eve");
    greet("Bartholomew");
    greet("Maximilian the thirteenth");
    printf("all have been greeted\n");
    return OK;
}
