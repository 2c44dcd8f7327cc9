/* delivery.c - tasks 2, 3 and 5: processes that wait, sleep, are preempted, or have no stack left */
#include "debug.h"

static sid32 semaphore;
static volatile int calls;

static void on_alarm(void)
{
    report("callback at %u", now());
}

static process waiting(void)
{
    uint32 delay = given(0, 20, 50);

    cbsignal(CB_ALARM, on_alarm, delay);
    wait(semaphore);
    report("the wait is over at %u", now());
    spin_until(delay + 15);
    return OK;
}

void check_late(void)
{
    pid32 pid;

    semaphore = semcreate(0);
    begin();
    pid = start(waiting, PRIORITY_ABOVE, "waiting");
    spin_until(given(0, 20, 50) + 10);
    signal(semaphore);
    await_end(pid);
}

void check_asleep(void)
{
    uint32 delay = given(0, 20, 50);
    syscall result;

    begin();
    cbsignal(CB_ALARM, on_alarm, delay);
    result = sleepms(delay + given(1, 10, 30));
    report("sleepms returns %d at %u", result, now());
    spin_until(delay + 60);
}

static process preempting(void)
{
    uint32 switched;

    sleepms(given(0, 20, 50));
    switched = now();
    spin_until(switched + 5);
    report("the other process runs from %u to %u", switched, now());
    return OK;
}

void check_preempted(void)
{
    uint32 delay = given(0, 20, 50);

    begin();
    start(preempting, PRIORITY_ABOVE, "preempting");
    cbsignal(CB_ALARM, on_alarm, delay + 2);
    spin_until(delay + 20);
}

/* Takes a clock interrupt with so many bytes of the stack free. */
uint32 full_esp;
void tick_with_esp(void);
asm(".pushsection .text\n"
    "tick_with_esp:\n\t"
    "pushal\n\t"
    "movl %esp, %ebx\n\t"
    "movl full_esp, %esp\n\t"
    "int $32\n\t"
    "movl %ebx, %esp\n\t"
    "popal\n\t"
    "ret\n"
    ".popsection");

static process with_full_stack(uint32 room)
{
    full_esp = (uint32)me->prstkbase + 4 - me->prstklen + room;
    cbsignal(CB_ALARM, count_call, 0);
    tick_with_esp();
    calls++;
    return OK;
}

static void with_room(uint32 room)
{
    pid32 pid = create(with_full_stack, STACK, PRIORITY_ABOVE, "full", 1, room);

    counted_calls = calls = 0;
    hold_clock();
    resume(pid);
    release_clock();
    report("with %u bytes free: callbacks %d, the process %s", room, counted_calls, calls ? "goes on" : "has ended");
}

void check_full(void)
{
    with_room(given(0, 1100, 1900));
    with_room(given(1, 515, 555));
}
