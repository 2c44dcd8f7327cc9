/* stackshow() of processes in every state. Each picture stands between `NAME:` and the next one. */
#include "check.h"

void spin_with_registers(void);
__asm__(".pushsection .text\n"
        ".type spin_with_registers, @function\n"
        "spin_with_registers:\n"
        "    movl $0xa0a0a0a0, %eax; movl $0xb0b0b0b0, %ebx; movl $0xc0c0c0c0, %ecx; movl $0xd0d0d0d0, %edx\n"
        "    movl $0x51515151, %esi; movl $0xd1d1d1d1, %edi; movl $0xe0e0e0e0, %ebp\n"
        "    stc\n"
        "1:  jmp 1b\n"
        ".popsection");

static process spinner(void)
{
    spin_with_registers();
    return OK;
}

static process sleeper(void)
{
    sleepms(1000);
    return OK;
}

static process receiver(void)
{
    receive();
    return OK;
}

static void on_message(void)
{
    kprintf("in a callback:\n");
    stackshow(getpid());
}

static process planted(void)
{
    cbsignal(CB_MESSAGE, on_message, 0);
    sleepms(1000);
    return OK;
}

static volatile int rung;

static void on_alarm(void)
{
    kprintf("in an alarm:\n");
    stackshow(getpid());
    rung = 1;
}

static pid32 show(const char *name, pid32 pid)
{
    kprintf("%s:\n", name);
    CHECK(stackshow(pid) == OK);
    return pid;
}

process main(void)
{
    CHECK(stackshow(-1) == SYSERR && stackshow(NPROC) == SYSERR && stackshow(NPROC - 1) == SYSERR);
    pid32 fresh = show("new", create(spinner, 4096, 10, "new", 2, 0x1111, 0x2222));
    pid32 pids[] = {create(sleeper, 4096, 30, "sleeper", 0), create(receiver, 4096, 30, "receiver", 0),
                    create(spinner, 4096, 10, "spinner", 0), create(planted, 4096, 10, "planted", 0)};
    for (int i = 0; i < 2; i++)
        resume(pids[i]);
    show("sleeping", pids[0]);
    show("receiving", pids[1]);
    resume(pids[2]);
    sleepms(5);
    show("interrupted", pids[2]);
    kill(pids[2]);
    resume(pids[3]);
    sleepms(1);
    send(pids[3], 1);
    show("planted", pids[3]);
    sleepms(2); /* it runs */
    cbsignal(CB_ALARM, on_alarm, 1);
    while (!rung) {
    }
    show("caller", getpid());
    kprintf("end:\n");
    kill(fresh);
    kill(pids[0]);
    kill(pids[1]);
    checks_done();
    return OK;
}
