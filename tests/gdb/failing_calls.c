/* The program of calls_test.py, for both rings: calls that fail, and one that waits. */
#include <xinu.h>

static void on_message(void) {}

process main(void)
{
    send(99, 7);
    send(getpid(), 1);
    send(getpid(), 2); /* the mailbox is full */
    cbsignal(CB_MESSAGE, on_message, 0);
    recvtime(5);
    recvtime(5); /* there is no other message */
    sleepms(-1);
    chprio(99, 5);
    getprio(getpid());
    recvtime(100000);
    return OK;
}
