/*
 * message.c - the detour through sleepms(): while a process sleeps, send() rewrites the return address of its sleepms()
 * on its stack
 */
#include "tour.h"

#define MAX_WORDS 64

static pid32 receiver_pid;
static uint32 before[MAX_WORDS];

static void on_message(void)
{
    kprintf("  The callback runs in the receiver, at msec %u, message %u: %s was about to return from "
            "sleepms().\n",
            clkcountermsec, recvclr(), proctab[getpid()].prname);
}

static process receiver(void)
{
    syscall result;

    cbsignal(CB_MESSAGE, on_message, 0);
    kprintf("  The receiver calls sleepms(100) at msec %u.\n", clkcountermsec);
    result = sleepms(100);
    kprintf("  The receiver goes on behind its sleepms(), which returned %d, at msec %u.\n", result, clkcountermsec);
    return OK;
}

static process sender(void)
{
    const uint32 *saved = (const uint32 *)proctab[receiver_pid].prstkptr;
    uint32 count = (const uint32 *)proctab[receiver_pid].prstkbase - saved;

    if (count > MAX_WORDS)
        count = MAX_WORDS;
    memcpy(before, saved, count * sizeof(uint32));
    kprintf("  The sender calls send(%d, 42) at msec %u. The receiver's saved stack, before and after:\n", receiver_pid,
            clkcountermsec);
    send(receiver_pid, 42);
    stackcompare(receiver_pid, saved, before, count);
    kprintf("  The receiver sleeps on; the address that stood there is kept in its process table entry.\n");
    return OK;
}

void show_message_detour(void)
{
    kprintf("\n2. A message: the detour through sleepms()\n");
    receiver_pid = create(receiver, 8192, INITPRIO + 10, "receiver", 0);
    resume(receiver_pid);
    resume(create(sender, 8192, INITPRIO + 5, "sender", 0));
    sleepms(200);
}
