/* hijacked.c - see hijacked.h */
#include "hijacked.h"

pid32 start_victim(uint32 i, int32 msec)
{
    static struct sleeper how;

    how = (struct sleeper){NULL, msec, given(i, 0, 9)};
    return start_sleeper(&how, PRIORITY_ABOVE);
}

void end_victim(pid32 pid)
{
    kill(pid);
    recvclr(); /* the message that it has ended */
}

static void wait_for_ever(void)
{
    wait(semcreate(0));
}

static void spin_for_ever(void)
{
    for (;;)
        ;
}

pid32 waiting_victim(void)
{
    return start(wait_for_ever, PRIORITY_ABOVE, "waiting");
}

pid32 ready_victim(void)
{
    pid32 pid = start(spin_for_ever, PRIORITY_BELOW, "ready");

    sleepms(2);
    return pid;
}

pid32 new_victim(void)
{
    return create(wait_for_ever, STACK, PRIORITY_ABOVE, "new", 0);
}

/* A process's first function: stores the registers at its first instruction. */
void landing(void);
asm(".pushsection .text\n"
    ".type landing, @function\n"
    "landing:\n\t" STORE_ALL("stored") "cld\n\t"
                                       "ret\n"
                                       ".size landing, . - landing\n"
                                       ".popsection");

void report_landing(callback function)
{
    const uint32 *number = lab_given.number;
    pid32 pid = create(landing, STACK, PRIORITY_ABOVE, "landing", 0);
    uint32 *saved = (uint32 *)proctab[pid].prstkptr, link = saved[SAVED_LINK];
    uint32 flags = number[6] & FLAGS_ARITHMETIC;

    saved[SAVED_EDI] = number[0];
    saved[SAVED_ESI] = number[1];
    saved[SAVED_EBX] = number[2];
    saved[SAVED_EDX] = number[3];
    saved[SAVED_ECX] = number[4];
    saved[SAVED_EAX] = number[5];
    saved[SAVED_EFLAGS] |= flags;
    report("detour: %s", verdict(detour(pid, function)));
    resume(pid);
    await_end(pid);
    report("edi %08x esi %08x ebx %08x", stored.edi, stored.esi, stored.ebx);
    report("edx %08x ecx %08x eax %08x", stored.edx, stored.ecx, stored.eax);
    report("ebp is %s, esp is %d bytes off", stored.ebp == link ? "right" : "wrong",
           (int)(stored.esp - (uint32)&saved[SAVED_WORDS]));
    report("flags %03x, afterwards %03x, interrupts %s", flags, stored.flags & FLAGS_ARITHMETIC,
           stored.flags & FLAGS_IF ? "enabled" : "masked");
}

const char *verdict(syscall result)
{
    return result == OK ? "OK" : result == SYSERR ? "SYSERR" : "neither OK nor SYSERR";
}
