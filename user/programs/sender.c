/* sender.c - sends the message argv[2] to the process argv[1] */
#include <stdlib.h>
#include <xinu.h>

int main(int argc, char *argv[])
{
    if (argc == 3)
        printf("sender: send %d\n", send(atoi(argv[1]), (umsg32)atoi(argv[2])));
    return OK;
}
