/* direction.c - a callback leaves DF set; the next one of the same detour begins with it clear all the same (R9) */
#include <xinu.h>

static volatile uint32 in_message, messages;

static void on_alarm(void)
{
    asm volatile("std");
}

static void on_message(void)
{
    uint32 flags;

    asm volatile("pushfl\n\tpopl %0\n\tcld" : "=r"(flags));
    in_message = flags;
    messages++;
}

process main(void)
{
    cbsignal(CB_MESSAGE, on_message, 0);
    cbsignal(CB_ALARM, on_alarm, 0);
    send(getpid(), 1);
    while (messages == 0)
        ;
    printf("direction: DF %u, IF %u\n", (in_message & 0x400) != 0, (in_message & 0x200) != 0);
    return OK;
}
