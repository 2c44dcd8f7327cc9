/* badstack.c - lets an alarm become due while its stack pointer is bad: argv[1] says where it points */
#include <xinu.h>
#include <xinu/stackroom.h>

#define LOWEST (USER_STACK_END - USER_STACK_BYTES)
#define RECORD (14 * 4) /* bytes that a detour pushes on the stack */

static void never(void)
{
    printf("badstack: the callback runs\n");
}

static void ends(void)
{
    exit();
}

/* Waits for the clock with this stack pointer; uses no stack itself. */
static void wait_on_stack(uint32 stack)
{
    asm volatile("movl %0, %%esp\n"
                 "1:\tjmp 1b"
                 :
                 : "r"(stack));
}

static uint32 stack_of(const char *which)
{
    if (strcmp(which, "null") == 0)
        return 0;
    if (strcmp(which, "kernel") == 0)
        return 0x00200000;
    if (strcmp(which, "unmapped") == 0)
        return 0x50000000;
    if (strcmp(which, "readonly") == 0)
        return (uint32)&text + 0x100;
    if (strcmp(which, "window") == 0)
        return USER_WINDOW_TABLE + 0x400;
    if (strcmp(which, "top") == 0)
        return 0xFFFFFFFC;
    if (strcmp(which, "nearly") == 0)
        return LOWEST + RECORD + CALLBACK_STACK_ROOM - 4;
    if (strcmp(which, "enough") == 0)
        return LOWEST + RECORD + CALLBACK_STACK_ROOM;
    return LOWEST + 32; /* full: the frame does not fit above the guard page */
}

int main(int argc, char *argv[])
{
    const char *which = argc > 1 ? argv[1] : "full";

    printf("badstack: %s\n", which);
    cbsignal(CB_ALARM, strcmp(which, "enough") == 0 ? ends : never, 5);
    wait_on_stack(stack_of(which));
    return OK;
}
