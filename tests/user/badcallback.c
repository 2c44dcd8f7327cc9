/* badcallback.c - registers callbacks outside its code: they are refused, and nothing changes */
#include <xinu.h>

static void good(void) {}

static void offer(const char *what, const void *address)
{
    printf("badcallback: %s %d %d\n", what, cbsignal(CB_ALARM, (callback)address, 10),
           address == NULL ? SYSERR : dreamvac((callback)address));
}

process main(void)
{
    int variable;

    offer("NULL", NULL);
    offer("kernel", (void *)0x00100000);
    offer("below", (char *)&text - 1);
    offer("etext", &etext);
    offer("data", &data);
    offer("stack", &variable);
    offer("window", (void *)USER_WINDOW);
    offer("return page", (void *)USER_CBFMANAGER);
    offer("top", (void *)0xFFFFFFFF);
    printf("badcallback: late %d, kind %d\n", cbsignal(CB_ALARM, good, 5001), cbsignal(3, good, 1));
    printf("badcallback: pretype %u\n", proctab[getpid()].pretype);
    offer("good", good);
    printf("badcallback: pretype %u\n", proctab[getpid()].pretype);
    return OK;
}
