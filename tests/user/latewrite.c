/* latewrite.c - an alarm becomes due while the process is in the kernel: its callback runs in ring 3, on the
 * way out */
#include <xinu.h>

#define TEXT_BYTES 20000 /* printing them takes more than a clock tick */

static char text_out[TEXT_BYTES];
static volatile uint32 callbacks, outside_ring3;

static void on_alarm(void)
{
    uint16 cs;

    asm volatile("movw %%cs, %0" : "=r"(cs));
    callbacks++;
    outside_ring3 += (cs & 3) != 3;
}

/* Without a tick in between, a return of write() does not deliver an event that is due (R5, R6). */
static uint32 early_callbacks(void)
{
    uint32 early = 0, round, tick;

    for (round = 0; round < 20; round++) {
        callbacks = 0;
        tick = clkcountermsec;
        cbsignal(CB_ALARM, on_alarm, 0);
        write(CONSOLE, "", 0);
        early += callbacks != 0 && clkcountermsec == tick;
        while (callbacks == 0)
            ;
    }
    callbacks = 0;
    return early;
}

process main(void)
{
    uint32 begin, before;
    syscall result;

    printf("latewrite: %u early callbacks\n", early_callbacks());
    for (uint32 i = 0; i < TEXT_BYTES; i++)
        text_out[i] = i % 100 == 99 ? '\n' : '.';
    for (begin = clkcountermsec; clkcountermsec == begin;)
        ; /* starts right after a tick */
    cbsignal(CB_ALARM, on_alarm, 1);
    result = write(CONSOLE, text_out, TEXT_BYTES);
    before = callbacks;
    printf("latewrite: write %d, took ticks %d, callbacks at its return %u, outside ring 3 %u, pretype %u\n", result,
           clkcountermsec - begin > 1, before, outside_ring3, proctab[getpid()].pretype);
    return OK;
}
