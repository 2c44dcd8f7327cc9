/*
 * Faults with hardly any stack left: too little for the frame of the exception, or for what its entry stub pushes.
 * First in processes, with every number of words up to what suffices; then in the kernel, with interrupts masked and
 * the number of words that is typed in.
 */
#include <xinu.h>

#define ENOUGH 16 /* words */

extern void ctxsw(void *old, void *new);

static uint32 stack_low_of(pid32 pid)
{
    return (uint32)proctab[pid].prstkbase + 4 - proctab[pid].prstklen;
}

/* Continues at a function with this ESP, interrupts masked. */
static void call_with_esp(void (*function)(void), uint32 esp)
{
    asm volatile("cli\n\t"
                 "movl %1, %%esp\n\t"
                 "jmp *%0"
                 :
                 : "r"(function), "r"(esp)
                 : "memory");
}

void invalid_opcode(void);
asm(".pushsection .text\n"
    "invalid_opcode:\n\t"
    "ud2\n"
    ".popsection");

static process opcode_process(uint32 words)
{
    call_with_esp(invalid_opcode, stack_low_of(getpid()) + words * 4);
    return OK;
}

/* ctxsw() stands for all of the kernel: it pushes eleven words, of which the jump leaves out the first, and
 * then writes to where its argument leads, which lies above the stack. */
static process kernel_process(uint32 words)
{
    uint32 esp = stack_low_of(getpid()) + words * 4 + 10 * 4;

    ((uint32 *)esp)[1] = 0x44;
    call_with_esp((void (*)(void))ctxsw, esp);
    return OK;
}

process main(void)
{
    uint32 words, typed = 0;
    int c;
    pid32 pid;

    while ((c = kgetc()) >= '0' && c <= '9')
        typed = typed * 10 + c - '0';
    for (words = 0; words <= ENOUGH; words++) {
        pid = create(opcode_process, 4096, 30, "opcode", 1, words);
        kprintf("case %u: eip %08x esp %08x\n", words, (uint32)invalid_opcode, stack_low_of(pid) + words * 4);
        resume(pid);
        receive();
    }
    kprintf("end of cases\n");
    resume(create(kernel_process, 4096, 30, "kernel", 1, typed));
    kprintf("still here\n");
    return OK;
}
