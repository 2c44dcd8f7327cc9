/*
 * hijack.c - a sleeping process is led through a function, by a word of its stack
 *
 * The process sleeps in ctxsw(), whose return address is word 10 from prstkptr (<xinu/saved_stack.h>). Another process
 * writes the address of its own code there. When the sleeper is switched in, ctxsw() "returns" to that code.
 */
#include <xinu.h>

static void hijacked(void)
{
    printf("%s runs this, and has not called it\n", proctab[getpid()].prname);
}

/* Entered by a `ret`, with all registers as they are to be afterwards; leaves by another `ret`. */
void hijack_entry(void);
asm(".pushsection .text\n"
    ".globl hijack_entry\n"
    "hijack_entry:\n"
    "\tpushl hijack_way_back\n"
    "\tpushfl\n"
    "\tpushal\n"
    "\tcall *hijack_function\n"
    "\tpopal\n"
    "\tpopfl\n"
    "\tret\n"
    ".popsection\n");
uint32 hijack_way_back;
void (*hijack_function)(void);

static process sleeper(void)
{
    sleepms(20);
    printf("sleeper goes on\n");
    return OK;
}

process main(void)
{
    pid32 pid = create(sleeper, 4096, INITPRIO + 1, "sleeper", 0);
    uint32 *saved;

    resume(pid); /* until it sleeps */
    saved = (uint32 *)proctab[pid].prstkptr;
    hijack_way_back = saved[SAVED_RETURN];
    hijack_function = hijacked;
    saved[SAVED_RETURN] = (uint32)hijack_entry;
    while (!isbadpid(pid))
        sleepms(1);
    recvclr();
    return OK;
}
