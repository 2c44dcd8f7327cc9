/*
 * message.c - the detour through sleepms(): while a process sleeps, send() rewrites the address on its stack
 * to which its sleepms() will return
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
    kprintf("  The receiver goes on behind its sleepms(), which returned %d, at msec %u.\n", result,
            clkcountermsec);
    return OK;
}

/* What the words of a stack are whose process sleeps in sleepms(); see <xinu/saved_stack.h>. */
static const char *meaning(const uint32 *word, const uint32 *saved)
{
    static const char *const fixed[SAVED_WORDS] = {"ctxsw: EDI",
                                                   "ctxsw: ESI",
                                                   "ctxsw: EBP",
                                                   "ctxsw: ESP",
                                                   "ctxsw: EBX",
                                                   "ctxsw: EDX",
                                                   "ctxsw: ECX",
                                                   "ctxsw: EAX",
                                                   "ctxsw: EFLAGS",
                                                   "EBP of resched",
                                                   "return address of ctxsw"};
    const uint32 *of_resched = (const uint32 *)saved[SAVED_LINK];
    const uint32 *of_sleepms = (const uint32 *)of_resched[FRAME_LINK];

    if (word < saved + SAVED_WORDS)
        return fixed[word - saved];
    if (word == &of_resched[FRAME_LINK])
        return "EBP of sleepms";
    if (word == &of_resched[FRAME_RETURN])
        return "return address of resched";
    if (word == &of_sleepms[FRAME_LINK])
        return "EBP of the receiver";
    if (word == &of_sleepms[FRAME_RETURN])
        return "return address of sleepms";
    return word < of_resched ? "resched's own" : "sleepms's own";
}

static process sender(void)
{
    const uint32 *saved = (const uint32 *)proctab[receiver_pid].prstkptr;
    const uint32 *of_resched = (const uint32 *)saved[SAVED_LINK];
    const uint32 *of_sleepms = (const uint32 *)of_resched[FRAME_LINK];
    const uint32 *end = of_sleepms + FRAME_RETURN + 1;
    const uint32 *word;

    for (word = saved; word < end && word < saved + MAX_WORDS; word++)
        before[word - saved] = *word;
    kprintf("  The sender calls send(%d, 42) at msec %u. The receiver's saved stack, before and after:\n",
            receiver_pid, clkcountermsec);
    send(receiver_pid, 42);
    for (word = saved; word < end && word < saved + MAX_WORDS; word++)
        show_change(word, before[word - saved], meaning(word, saved));
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
