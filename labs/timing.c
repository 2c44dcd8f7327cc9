/* timing.c - see timing.h */
#include "timing.h"

uint32 began;

void begin(void)
{
    uint32 before = clkcountermsec;

    while (clkcountermsec == before)
        ;
    began = clkcountermsec;
}

uint32 now(void)
{
    return clkcountermsec - began;
}

void spin_until(uint32 msec)
{
    while ((int32)(now() - msec) < 0)
        ;
}

static void set_clock_mask(byte masked)
{
    byte mask;

    asm volatile("inb $0x21, %0" : "=a"(mask));
    asm volatile("outb %0, $0x21" : : "a"((byte)((mask & ~1) | masked)));
}

void hold_clock(void)
{
    set_clock_mask(1);
}

void release_clock(void)
{
    set_clock_mask(0);
}

void one_shot(uint32 periods)
{
    asm volatile("outb %0, $0x43" : : "a"((byte)0x30)); /* channel 0, mode 0: interrupt on terminal count */
    asm volatile("outb %0, $0x40" : : "a"((byte)periods));
    asm volatile("outb %0, $0x40" : : "a"((byte)(periods >> 8)));
}

void await_tick(uint32 periods)
{
    uint32 before = clkcountermsec;

    one_shot(periods);
    while (clkcountermsec == before)
        ;
}

pid32 start(void *function, pri16 priority, const char *name)
{
    pid32 pid = create(function, STACK, priority, name, 0);

    resume(pid);
    return pid;
}

void await_end(pid32 pid)
{
    while (!isbadpid(pid))
        sleepms(1);
}
