/*
 * Callbacks that overwrite what a detour keeps on the stack, and then fault: the kernel's report must say that these
 * words cannot be right. Each announces itself with `case NAME PID`.
 */
#include "check.h"

/* Of an alarm callback: its return address, and the claimed words above it. */
enum { RETURN_ADDRESS = 1, MESSAGE, VACATION };

static void on_message(void) {}

static void claim_number(void)
{
    ((uint32 *)__builtin_frame_address(0))[MESSAGE] = 1;
    asm volatile("ud2");
}

static void claim_function(void)
{
    ((uint32 *)__builtin_frame_address(0))[MESSAGE] = (uint32)on_message;
    asm volatile("ud2");
}

static int recurse(int depth)
{
    return depth < 0 ? 0 : recurse(depth + 1) + 1;
}

static void move_return(void)
{
    ((uint32 *)__builtin_frame_address(0))[RETURN_ADDRESS]++;
    recurse(0);
}

static void go_nowhere(void)
{
    ((uint32 *)__builtin_frame_address(0))[RETURN_ADDRESS]++;
    asm volatile("ud2");
}

/* Both events are due at once: nothing comes between. */
static process job(void (*alarm)(void), int with_message)
{
    asm volatile("cli");
    cbsignal(CB_ALARM, alarm, 0);
    if (with_message) {
        cbsignal(CB_MESSAGE, on_message, 0);
        send(getpid(), 1);
    }
    asm volatile("sti");
    for (;;) {
    }
    return OK;
}

static void run(const char *name, void *alarm, int with_message)
{
    pid32 pid = create(job, 8192, 10, name, 2, alarm, with_message);
    kprintf("case %s %d\n", name, pid);
    resume(pid);
    CHECK(receive() == (umsg32)pid && proctab[pid].prstate == PR_FREE && prcount == 2);
}

process main(void)
{
    run("claim_number", claim_number, 1);
    run("claim_function", claim_function, 0);
    run("move_return", move_return, 0);
    run("go_nowhere", go_nowhere, 0);
    kprintf("case end\n");
    checks_done();
    return OK;
}
