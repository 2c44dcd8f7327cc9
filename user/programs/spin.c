/* spin.c - an endless loop without a call: only the clock preempts it */
#include <xinu.h>

process main(void)
{
    printf("spin: for ever\n");
    for (;;)
        ;
}
