/* For tests/gdb: two ring-3 programs that take turns, then one more. */
#include <xinu.h>

/* Here a test stops. */
void look(void)
{
    __asm__ volatile("" : : : "memory");
}

process main(void)
{
    resume(upcreate("message", INITPRIO + 2, 1, "message")); /* which spawns "sender" */
    receive();
    look();
    resume(upcreate("hello", INITPRIO + 2, 1, "hello"));
    receive();
    return OK;
}
