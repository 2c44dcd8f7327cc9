/*
 * The tour: both detours, each with the stack that it rewrites, word by word. `make run` starts it.
 */
#include "tour.h"

process main(void)
{
    kprintf("Detour: how an event makes a process leave its way, and come back exactly.\n");
    show_alarm_detour();
    show_message_detour();
    kprintf("\nBoth are explained in docs/detours.md; docs/reading-order.md leads through the code.\n");
    return OK;
}
