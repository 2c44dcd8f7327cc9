/* sleeper.c - in ring 3: registers a message callback, sleeps, and tells the process of ring 0 what it observes */
#include <stdlib.h>
#include <xinu.h>

static pid32 parent;
static volatile uint32 calls, ring_of_callback, registered, message;

static void tell(uint32 word)
{
    while (send(parent, word) == SYSERR)
        sleepms(1);
}

static void on_message(void)
{
    uint32 cs;

    asm volatile("movl %%cs, %0" : "=r"(cs));
    calls++;
    ring_of_callback = cs & 3;
    registered = proctab[getpid()].prmsgreg;
    message = recvclr();
}

process main(int argc, char **argv)
{
    syscall result;
    uint32 calls_at_return;

    parent = atoi(argv[1]);
    result = cbsignal(CB_MESSAGE, on_message, 0);
    registered = 100;
    syscall slept = sleepms(atoi(argv[2]));
    calls_at_return = calls;
    tell(result);
    tell(registered);
    tell(ring_of_callback);
    tell(message);
    tell(slept);
    tell(calls_at_return);
    return argc == 3 ? OK : SYSERR;
}
