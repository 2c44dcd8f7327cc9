/*
 * detour.h - what the programs that check the rules of docs/callbacks.md share
 *
 * tick() is a clock interrupt at a place of the program's choice: the instruction enters the gate of IRQ 0 with the
 * same frame as the clock itself. Between hold_clock() and release_clock() no other one comes, so a check can say "at
 * the next clock interrupt, and not before". Between disable() and restore() none comes either, except in callbacks,
 * which run with interrupts on.
 */
#ifndef DETOUR_H
#define DETOUR_H

#include "check.h"

#define STACK 8192
#define PRIORITY_ABOVE 30 /* the main process has INITPRIO, 20 */
#define PRIORITY_BELOW 10

#define EFLAGS_CF 0x001
#define EFLAGS_PF 0x004
#define EFLAGS_AF 0x010
#define EFLAGS_ZF 0x040
#define EFLAGS_SF 0x080
#define EFLAGS_IF 0x200
#define EFLAGS_DF 0x400
#define EFLAGS_OF 0x800
#define EFLAGS_ARITHMETIC (EFLAGS_CF | EFLAGS_PF | EFLAGS_AF | EFLAGS_ZF | EFLAGS_SF | EFLAGS_OF)

#define me (&proctab[currpid])

/* Prints "R08 checks: 12 passed, 0 failed" and counts afresh. */
static inline void rule_done(const char *rule)
{
    kprintf("%s ", rule);
    checks_done();
    checks_passed = 0;
    checks_failed = 0;
}

static inline void tick(void)
{
    asm volatile("int $32" : : : "memory");
}

static inline void set_irq_mask(byte clock_masked)
{
    byte mask;

    asm volatile("inb $0x21, %0" : "=a"(mask));
    mask = (mask & ~1) | clock_masked;
    asm volatile("outb %0, $0x21" : : "a"(mask));
}

static inline void hold_clock(void)
{
    set_irq_mask(1);
}
static inline void release_clock(void)
{
    set_irq_mask(0);
}

static inline uint32 eflags(void)
{
    uint32 flags;

    asm volatile("pushfl\n\tpopl %0" : "=r"(flags));
    return flags;
}

/* Whether the public fields of a process match these outstanding events. */
static inline int outstanding(pid32 pid, int alarm, int message)
{
    const struct procent *p = &proctab[pid];

    return p->pralarmreg == alarm && p->prmsgreg == message && p->pretype == alarm + 2 * message;
}

/* Starts a process above the main process, which therefore runs until it blocks or ends before this returns.
 */
static inline pid32 start(void *function)
{
    pid32 pid = create(function, STACK, PRIORITY_ABOVE, "above", 0);

    resume(pid);
    return pid;
}

/* Starts one below the main process, which runs while the main process sleeps. */
static inline pid32 start_below(void *function)
{
    pid32 pid = create(function, STACK, PRIORITY_BELOW, "below", 0);

    resume(pid);
    return pid;
}

/* Waits for the end of a child, and takes the message about it. */
static inline void await_end(pid32 pid)
{
    while (!isbadpid(pid))
        sleepms(1);
    recvclr();
}

static inline void start_and_await(void *function)
{
    await_end(start(function));
}

/* Spins, so that other processes run only by preemption. */
static inline void spin(uint32 msec)
{
    uint32 begin = clkcountermsec;

    while (clkcountermsec - begin < msec)
        ;
}

/* A copy of the used part of the stack of a process that is switched out, and how it differs now. */
struct stack_copy {
    uint32 *low;
    uint32 words;
    uint32 word[STACK / 4];
};

static inline void copy_stack(struct stack_copy *copy, pid32 pid)
{
    copy->low = (uint32 *)proctab[pid].prstkptr;
    copy->words = (uint32 *)proctab[pid].prstkbase + 1 - copy->low;
    memcpy(copy->word, copy->low, copy->words * 4);
}

/* Number of words that are different now; *last: the address of the last of them. */
static inline int changed_words(const struct stack_copy *copy, uint32 **last)
{
    int changed = 0;
    uint32 i;

    for (i = 0; i < copy->words; i++)
        if (copy->low[i] != copy->word[i]) {
            changed++;
            *last = copy->low + i;
        }
    return changed;
}

/* The frame of resched() of a process that is switched out, and that of the function that called it. */
static inline uint32 *resched_frame(pid32 pid)
{
    return (uint32 *)((uint32 *)proctab[pid].prstkptr)[SAVED_LINK];
}

static inline uint32 *callers_frame(pid32 pid)
{
    return (uint32 *)resched_frame(pid)[FRAME_LINK];
}

/* The bounds of the assembly entry code, cbfmanager.S included. */
extern char entry_text[], entry_etext[];

static inline int in_detour_code(uint32 address)
{
    return address >= (uint32)entry_text && address < (uint32)entry_etext;
}

#endif
