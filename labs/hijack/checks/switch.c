/* switch.c - tasks 1 and 2: processes that go on elsewhere when they get the CPU */
#include "hijacked.h"

static volatile int calls;

static void report_word(const char *who, pid32 pid)
{
    uint32 *right = (uint32 *)proctab[pid].prstkptr + SAVED_RETURN;

    report("%s: %s", who, switch_word(pid) == right ? "found" : "not found");
}

void check_word(void)
{
    report_word("sleeping", start_victim(0, 1000000));
    report_word("waiting", waiting_victim());
    report_word("ready", ready_victim());
    report_word("new", new_victim());
}

static void on_another_way(void)
{
    report("%s is on another way at %u", me->prname, now());
    exit();
}

void check_redirect(void)
{
    uint32 msec = given(1, 10, 60);
    pid32 pid;

    begin();
    slept_until = 0;
    pid = start_victim(0, msec);
    report("redirect: %s", verdict(redirect(pid, on_another_way)));
    await_end(pid);
    report("sleepms() %s", slept_until == 0 ? "has not returned" : "has returned");
}

/* What any function may do to registers and flags. */
static void on_detour(void)
{
    calls++;
    report("%s is on a detour at %u", me->prname, now());
    asm volatile("movl $0xdead0001, %%eax\n\t"
                 "movl $0xdead0002, %%ecx\n\t"
                 "movl $0xdead0003, %%edx\n\t"
                 "cmpl %%edx, %%ecx"
                 :
                 :
                 : "eax", "ecx", "edx", "cc");
}

void check_detour(void)
{
    uint32 msec = given(1, 10, 60);
    pid32 pid;

    begin();
    pid = start_victim(0, msec);
    report("detour: %s", verdict(detour(pid, on_detour)));
    report("calls: %d", calls);
    await_end(pid);
    report("sleepms returns %d at %u; calls: %d", sleep_result, slept_until, calls);
}

void check_registers(void)
{
    report_landing(on_detour);
    report("calls: %d", calls);
}
