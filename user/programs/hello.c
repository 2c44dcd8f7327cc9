/* hello.c - the smallest program */
#include <xinu.h>

process main(void)
{
    printf("hello from process %d\n", getpid());
    return OK;
}
