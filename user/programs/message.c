/* message.c - message callbacks in ring 3: while the process runs, and while it sleeps */
#include <stdio.h>

#include "registers.h"

static volatile uint32 callbacks, ring_of_callback, msec_of_callback;
static volatile umsg32 received;

static void on_message(void)
{
    callbacks++;
    ring_of_callback = ring();
    msec_of_callback = clkcountermsec;
    received = recvclr();
}

/* Starts a process of lower priority, which sends to this one while it sleeps. */
static void start_sender(int32 msg)
{
    static char pid[12], text[12];
    char *argv[] = {"sender", pid, text};
    const struct spawnrequest request = {"sender", getprio(getpid()) - 1, 0, 3, argv};

    sprintf(pid, "%d", getpid());
    sprintf(text, "%d", msg);
    spawn(&request);
}

process main(void)
{
    printf("message: cbsignal %d\n", cbsignal(CB_MESSAGE, on_message, 0));
    printf("message: to itself %d\n", send(getpid(), 4711));
    uint32 changed = run_with_registers();
    printf("message: %u callbacks in ring %u, message %u, %u registers changed\n", callbacks, ring_of_callback,
           received, changed);

    cbsignal(CB_MESSAGE, on_message, 0);
    uint32 begin = clkcountermsec;
    start_sender(815);
    int32 result = sleepms(50);
    printf("message: slept %s, sleepms %d\n", msec_of_callback - begin >= 50 ? "its full time" : "too short", result);
    printf("message: %u callbacks in ring %u, message %u\n", callbacks, ring_of_callback, received);
    return OK;
}
