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

pid32 new_landing(pri16 priority)
{
    const uint32 *number = lab_given.number;
    pid32 pid = create(landing, STACK, priority, "landing", 0);
    uint32 *saved = (uint32 *)proctab[pid].prstkptr;

    loaded = (struct registers){.edi = number[0],
                                .esi = number[1],
                                .ebp = saved[SAVED_LINK],
                                .esp = (uint32)&saved[SAVED_WORDS],
                                .ebx = number[2],
                                .edx = number[3],
                                .ecx = number[4],
                                .eax = number[5],
                                .flags = number[6] & FLAGS_ARITHMETIC};
    saved[SAVED_EDI] = loaded.edi;
    saved[SAVED_ESI] = loaded.esi;
    saved[SAVED_EBX] = loaded.ebx;
    saved[SAVED_EDX] = loaded.edx;
    saved[SAVED_ECX] = loaded.ecx;
    saved[SAVED_EAX] = loaded.eax;
    saved[SAVED_EFLAGS] |= loaded.flags;
    return pid;
}

void report_landing(callback function)
{
    pid32 pid = new_landing(PRIORITY_ABOVE);

    report("detour: %s", verdict(detour(pid, function)));
    resume(pid);
    await_end(pid);
    report("edi %08x esi %08x ebx %08x", stored.edi, stored.esi, stored.ebx);
    report("edx %08x ecx %08x eax %08x", stored.edx, stored.ecx, stored.eax);
    report("ebp is %s, esp is %d bytes off", stored.ebp == loaded.ebp ? "right" : "wrong",
           (int)(stored.esp - loaded.esp));
    report("flags %03x, afterwards %03x, interrupts %s", loaded.flags, stored.flags & FLAGS_ARITHMETIC,
           stored.flags & FLAGS_IF ? "enabled" : "masked");
}

const char *verdict(syscall result)
{
    return result == OK ? "OK" : result == SYSERR ? "SYSERR" : "neither OK nor SYSERR";
}
