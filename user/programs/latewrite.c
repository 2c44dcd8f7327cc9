/* latewrite.c - an alarm falls due while the process is in the kernel: its callback runs in ring 3, on the
 * way out */
#include <xinu.h>

#define TEXT_BYTES 20000 /* the console takes more than a clock tick for them */

static char text_out[TEXT_BYTES];
static volatile uint32 callbacks, outside_ring3;

static void on_alarm(void)
{
    uint16 cs;

    asm volatile("movw %%cs, %0" : "=r"(cs));
    callbacks++;
    outside_ring3 += (cs & 3) != 3;
}

process main(void)
{
    uint32 begin, before;
    syscall result;

    for (uint32 i = 0; i < TEXT_BYTES; i++)
        text_out[i] = i % 100 == 99 ? '\n' : '.';
    for (begin = clkcountermsec; clkcountermsec == begin;)
        ; /* a tick has just been */
    cbsignal(CB_ALARM, on_alarm, 1);
    result = write(CONSOLE, text_out, TEXT_BYTES);
    before = callbacks;
    printf("latewrite: write %d, took ticks %d, callbacks at its return %u, outside ring 3 %u, pretype %u\n",
           result, clkcountermsec - begin > 1, before, outside_ring3, proctab[getpid()].pretype);
    return OK;
}
