/* badlength.c - passes all argv[1] pages of its heap to write(), and one byte more */
#include <stdlib.h>
#include <xinu.h>

int main(int argc, char *argv[])
{
    uint32 pages = argc > 1 ? (uint32)atoi(argv[1]) : 1;
    char *bytes = sbrk((int32)(pages * 4096));

    send(proctab[getpid()].prparent, bytes != (char *)SYSERR ? pages : 0);
    sleepms(10);
    write(CONSOLE, bytes, pages * 4096 + 1);
    return OK;
}
