/*
 * timing.h - for checks: time, clock interrupts at a chosen place, processes to try, and their registers
 */
#ifndef TIMING_H
#define TIMING_H

#include <observe.h>

#define me (&proctab[currpid])
#define STACK 8192
#define PRIORITY_ABOVE (INITPRIO + 10)
#define PRIORITY_BELOW (INITPRIO - 10)

#define FLAGS_ARITHMETIC 0x8d5 /* CF PF AF ZF SF OF */
#define FLAGS_IF 0x200
#define FLAGS_DF 0x400
#define FLAGS_FIXED 2

/* Lets msec 0 begin, directly behind a clock interrupt. */
void begin(void);

/* The value of clkcountermsec at that, and msec since then. */
extern uint32 began;
uint32 now(void);

/* Computes until then, so that only the clock can take the CPU away. */
void spin_until(uint32 msec);

/* A clock interrupt at this instruction: the same gate, and the same frame. */
static inline void tick(void)
{
    asm volatile("int $32" : : : "memory");
}

/* From one to the other, tick() is the only clock interrupt. */
void hold_clock(void);
void release_clock(void);

/* Creates a process and starts it; it has no arguments. Returns its id. */
pid32 start(void *function, pri16 priority, const char *name);

/* Sleeps until this process has ended. */
void await_end(pid32 pid);

/* The registers as pushal stores them, lowest address first, and EFLAGS. */
struct registers {
    uint32 edi, esi, ebp, esp, ebx, edx, ecx, eax, flags;
};
extern struct registers loaded, stored;

#endif
