/*
 * user_sweep_witness.h - compares what an interrupted ring-3 process had with what it finds when it is back
 *
 * As sweep_witness.h does for ring 0: witness_tick() notes all registers and the words of the stack from ESP up, and
 * sets a breakpoint at the interrupted instruction. When the same process arrives there with the same ESP, it is back,
 * and everything must be equal. A second breakpoint at the return page tells whether it took a detour first. If not,
 * the words below its ESP must not have been written either: the kernel works on another stack.
 */
#ifndef USER_SWEEP_WITNESS_H
#define USER_SWEEP_WITNESS_H

#include "check.h"

#include <xinu/userspace.h>

#define WITNESS_WORDS 1024
#define WITNESS_PAINTED 64 /* words below ESP */
#define WITNESS_PAINT 0x9A127ED0
#define VECTOR_DEBUG 1
#define EFLAGS_RF 0x10000
#define BREAK_BOTH 0x0A /* DR7: breakpoints 0 and 1 are on */

/* What HANDLER and the CPU leave of an interrupted process, lowest address first. */
struct interrupted {
    uint32 es, ds, edi, esi, ebp, kernel_esp, ebx, edx, ecx, eax, kernel_eflags, eip, cs, eflags;
    uint32 esp, ss; /* from ring 3 only */
};

/*
 * A handler for the IDT: calls function(frame), and resumes with all registers and flags as they were. AC lets it read
 * user memory on a CPU with SMAP.
 */
#define HANDLER(name, function, goes_on)                                                                               \
    void name(void);                                                                                                   \
    asm(".pushsection .text\n" #name ":\n\t"                                                                           \
        "pushfl\n\t"                                                                                                   \
        "pushal\n\t"                                                                                                   \
        "pushl %ds\n\t"                                                                                                \
        "pushl %es\n\t"                                                                                                \
        "movl $0x23, %eax\n\t"                                                                                         \
        "movl %eax, %ds\n\t"                                                                                           \
        "movl %eax, %es\n\t"                                                                                           \
        "pushl $0x40002\n\t"                                                                                           \
        "popfl\n\t"                                                                                                    \
        "pushl %esp\n\t"                                                                                               \
        "call " #function "\n\t"                                                                                       \
        "addl $4, %esp\n\t"                                                                                            \
        "popl %es\n\t"                                                                                                 \
        "popl %ds\n\t"                                                                                                 \
        "popal\n\t"                                                                                                    \
        "popfl\n\t" goes_on "\n"                                                                                       \
        ".popsection")

static struct {
    volatile int watching; /* the process is not back yet */
    volatile int detoured; /* it has been in the return page meanwhile */
    pid32 pid;
    uint32 birth; /* which life of that table entry */
    struct interrupted frame;
    uint32 words; /* from ESP to the base of the stack */
    uint32 word[WITNESS_WORDS];
} witness;

static const char *volatile witness_complaint; /* the first thing that was wrong in this run, or NULL */

/* NULL is no complaint. */
static void complain(const char *complaint)
{
    if (witness_complaint == NULL)
        witness_complaint = complaint;
}

static void witness_break_at(uint32 address, uint32 control)
{
    asm volatile("movl %0, %%db0\n\tmovl %1, %%db1\n\tmovl %2, %%db7"
                 :
                 : "r"(address), "r"(USER_CBFMANAGER), "r"(control));
}

static void witness_tick(const struct interrupted *frame)
{
    uint32 *esp = (uint32 *)frame->esp, i;

    witness.words = (USER_STACK_END - frame->esp) / 4;
    if (witness.words > WITNESS_WORDS) {
        complain("the stack is too large to be copied");
        return;
    }
    memcpy(witness.word, esp, witness.words * 4);
    for (i = 1; i <= WITNESS_PAINTED; i++)
        esp[-(int32)i] = WITNESS_PAINT;
    witness.frame = *frame;
    witness.pid = currpid;
    witness.birth = proctab[currpid].prbirth;
    witness.watching = TRUE;
    witness.detoured = FALSE;
    witness_break_at(frame->eip, BREAK_BOTH);
}

static void witness_compare(const struct interrupted *now)
{
    const struct interrupted *then = &witness.frame;
    const uint32 *esp = (const uint32 *)now->esp;
    uint32 i;

    if (memcmp(&now->edi, &then->edi, 3 * 4) != 0 || memcmp(&now->ebx, &then->ebx, 4 * 4) != 0)
        complain("a register has changed");
    if ((uint16)now->ds != (uint16)then->ds || (uint16)now->es != (uint16)then->es || now->cs != then->cs ||
        now->ss != then->ss)
        complain("a segment register has changed");
    if (((now->eflags ^ then->eflags) & ~EFLAGS_RF) != 0)
        complain("EFLAGS have changed");
    if (memcmp(esp, witness.word, witness.words * 4) != 0)
        complain("the stack has changed above ESP");
    for (i = 1; i <= WITNESS_PAINTED && !witness.detoured; i++)
        if (esp[-(int32)i] != WITNESS_PAINT)
            complain("the stack has been written below ESP");
}

/* A breakpoint: that address, but not necessarily that process, or that call. */
__attribute__((used)) static void witness_break(struct interrupted *frame)
{
    if (currpid == witness.pid && proctab[currpid].prbirth == witness.birth) {
        if (frame->eip == witness.frame.eip && frame->esp == witness.frame.esp) {
            witness_break_at(0, 0);
            witness.watching = FALSE;
            witness_compare(frame);
            return;
        }
        witness.detoured |= frame->eip == USER_CBFMANAGER;
    }
    frame->eflags |= EFLAGS_RF; /* or it would break again at once */
}

HANDLER(witness_exception, witness_break, "iret");

/* At the end of a run. The interrupted process is back, or, where the scenario kills one, has ended. */
static void witness_end(int may_have_ended)
{
    if (witness.watching && !may_have_ended)
        complain("the process has not come back to where it was, with the ESP that it had");
    witness_break_at(0, 0);
    witness.watching = FALSE;
}

#endif
