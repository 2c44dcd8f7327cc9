#include "hijack.h"

static void on_the_way(void)
{
    kprintf("process %d is on a detour\n", getpid());
}

static void behind_its_sleep(void)
{
    kprintf("process %d runs this before its sleepms() returns\n", getpid());
}

static process sleeper(void)
{
    syscall result = sleepms(50);

    printf("sleepms() returns %d\n", result);
    return OK;
}

process main(void)
{
    pid32 pid = create(sleeper, 8192, INITPRIO + 1, "sleeper", 0);

    resume(pid);
    printf("its sleepms() returns by the word at 0x%08x\n", (uint32)sleepms_word(pid));
    printf("divert() returns %d\n", divert(pid, behind_its_sleep));
    printf("detour() returns %d\n", detour(pid, on_the_way));
    stackshow(pid);
    while (clkcountermsec < 100)
        ;
    printf("main goes on at msec %u\n", clkcountermsec);
    return OK;
}
