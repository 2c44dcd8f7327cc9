/* xsh_bench.c - what a call, a switch and a message cost on this machine, in ticks of the CPU's time stamp counter */
#include "commands.h"

#define ROUNDS 1000

static process partner(void)
{
    for (;;)
        yield();
    return OK;
}

static process answers(pid32 asker)
{
    for (;;) {
        receive();
        send(asker, 1);
    }
    return OK;
}

static void show(const char *what, uint64 ticks)
{
    printf("%10u  %s\n", (uint32)ticks / ROUNDS, what);
}

DEFINE_COMMAND(bench)
{
    pid32 other;
    uint64 begin;
    int i;

    (void)args;
    if (nargs != 1)
        return usage("bench");
    begin = getticks();
    for (i = 0; i < ROUNDS; i++)
        getpid();
    show("getpid()", getticks() - begin);
    other = create(partner, 4096, getprio(getpid()), "partner", 0);
    resume(other);
    begin = getticks();
    for (i = 0; i < ROUNDS; i++)
        yield();
    show("yield() to another process and back", getticks() - begin);
    kill(other);
    recvclr();
    other = create(answers, 4096, (pri16)(getprio(getpid()) + 1), "answers", 1, getpid());
    resume(other);
    begin = getticks();
    for (i = 0; i < ROUNDS; i++) {
        send(other, 1);
        receive();
    }
    show("send() to a process that answers, and receive()", getticks() - begin);
    kill(other);
    return SHELL_OK;
}
