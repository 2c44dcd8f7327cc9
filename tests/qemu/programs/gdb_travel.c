/* What tests/gdb/travel_test.py records: prints what is typed; an `m` is sent as a message to a process that
 * sleeps. */
#include <xinu.h>

#include <stdio.h>

static void on_message(void)
{
    kprintf("message %u\n", recvclr());
}

static process receiver(void)
{
    cbsignal(CB_MESSAGE, on_message, 0);
    sleepms(50);
    kprintf("awake\n");
    return OK;
}

static void work(int c)
{
    static volatile uint32 sum;
    for (int i = 0; i < 20000; i++)
        sum = 31 * sum + c;
    kprintf("%d at msec %u, sum %x\n", c, clkcountermsec, sum);
}

process main(void)
{
    pid32 pid = create(receiver, 4096, INITPRIO + 10, "receiver", 0);
    int c;

    resume(pid);
    kprintf("type now\n");
    while ((c = getchar()) != EOF) {
        work(c);
        if (c == 'm')
            send(pid, 42);
    }
    return OK;
}
