/*
 * sweep_witness.h - compares what an interrupted process had with what it finds when it is back
 *
 * witness_tick() notes the registers, EIP, EFLAGS and ESP of the interrupt's frame and all words from ESP to the
 * stack's base, and sets a breakpoint at the interrupted instruction. When the same process arrives there with the same
 * ESP, it is back; all else that it executes before, callbacks included, runs at a lower ESP. The debug exception comes
 * before the instruction is executed, so everything must be equal.
 *
 * The words below the interrupted ESP are free, but how far down they may be written is documented: 12 bytes by the CPU
 * and INTERRUPT_STACK_ROOM by the kernel. From there on the stack is painted, and must still be when the process is
 * back. If it ran callbacks, these used stack of their own: then the paint must be intact from WITNESS_CALLBACK_ROOM
 * on.
 */
#ifndef SWEEP_WITNESS_H
#define SWEEP_WITNESS_H

#include "check.h"

#include <xinu/stackroom.h>

#define WITNESS_ROOM (12 + INTERRUPT_STACK_ROOM)
#define WITNESS_CALLBACK_ROOM 512 /* frames, callbacks that sleep, and one within the other */
#define WITNESS_PAINTED 2048
#define WITNESS_PAINT 0x9A127ED0
#define WITNESS_WORDS 2048
#define VECTOR_DEBUG 1
#define EFLAGS_RF 0x10000

/* What the CPU and pushal leave of an interrupted process, lowest address first. */
struct interrupted {
    uint32 edi, esi, ebp, esp, ebx, edx, ecx, eax, eip, cs, eflags;
};

static struct {
    volatile int watching; /* the process is not back yet */
    pid32 pid;
    uint32 birth;     /* which life of that table entry */
    uint32 callbacks; /* callbacks_begun of the process at the interrupt */
    struct interrupted frame;
    uint32 words; /* from ESP to the base of the stack */
    uint32 word[WITNESS_WORDS];
} witness;

static volatile uint32 callbacks_begun[NPROC]; /* every callback of a scenario counts itself here */
static const char *volatile witness_complaint; /* the first thing that was wrong in this run, or NULL */

static void witness_break_at(uint32 address, uint32 control)
{
    asm volatile("movl %0, %%db0\n\tmovl %1, %%db7" : : "r"(address), "r"(control));
}

/* pushal stored ESP as it was below the three words of the CPU. */
static uint32 *interrupted_esp(const struct interrupted *frame)
{
    return (uint32 *)(frame->esp + 12);
}

/* NULL is no complaint. */
static void complain(const char *complaint)
{
    if (witness_complaint == NULL)
        witness_complaint = complaint;
}

static void witness_tick(const struct interrupted *frame)
{
    const struct procent *own = &proctab[currpid];
    uint32 *esp = interrupted_esp(frame), *painted = esp - WITNESS_PAINTED / 4;

    witness.words = (uint32 *)own->prstkbase + 1 - esp;
    if (witness.words > WITNESS_WORDS || (char *)painted < own->prstkbase + 4 - own->prstklen) {
        complain("the stack is too large to be copied, or too full to be painted");
        return;
    }
    memcpy(witness.word, esp, witness.words * 4);
    while (painted < esp - WITNESS_ROOM / 4)
        *painted++ = WITNESS_PAINT;
    witness.frame = *frame;
    witness.pid = currpid;
    witness.birth = own->prbirth;
    witness.callbacks = callbacks_begun[currpid];
    witness.watching = TRUE;
    witness_break_at(frame->eip, 2);
}

static void witness_compare(const struct interrupted *now)
{
    const struct interrupted *then = &witness.frame;
    const uint32 *esp = interrupted_esp(now), *painted = esp - WITNESS_PAINTED / 4;
    int callbacks = callbacks_begun[witness.pid] != witness.callbacks;

    if (memcmp(now, then, 8 * 4) != 0 || now->cs != then->cs)
        complain("a register has changed");
    if (((now->eflags ^ then->eflags) & ~EFLAGS_RF) != 0)
        complain("EFLAGS have changed");
    if (memcmp(esp, witness.word, witness.words * 4) != 0)
        complain("the stack has changed above ESP");
    while (painted < esp - (callbacks ? WITNESS_CALLBACK_ROOM : WITNESS_ROOM) / 4)
        if (*painted++ != WITNESS_PAINT)
            complain("the stack has been written too far below ESP");
}

/* The breakpoint: the same instruction, but not necessarily the same process, or the same call. */
__attribute__((used)) static void witness_break(struct interrupted *frame)
{
    if (currpid != witness.pid || proctab[currpid].prbirth != witness.birth || frame->esp != witness.frame.esp) {
        frame->eflags |= EFLAGS_RF; /* or it would break again at once */
        return;
    }
    witness_break_at(0, 0);
    witness.watching = FALSE;
    witness_compare(frame);
}

void witness_exception(void); /* in the IDT, for the debug exception */
asm(".pushsection .text\n"
    "witness_exception:\n\t"
    "pushal\n\t"
    "cld\n\t"
    "pushl %esp\n\t"
    "call witness_break\n\t"
    "addl $4, %esp\n\t"
    "popal\n\t"
    "iret\n"
    ".popsection");

/* At the end of a run. The interrupted process is back, or, where the scenario kills one, has ended. */
static void witness_end(int may_have_ended)
{
    const struct procent *own = &proctab[witness.pid];

    if (witness.watching && !(may_have_ended && (own->prstate == PR_FREE || own->prbirth != witness.birth)))
        complain("the process has not come back to where it was, with the ESP that it had");
    witness_break_at(0, 0);
    witness.watching = FALSE;
}

#endif
