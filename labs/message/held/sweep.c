/*
 * sweep.c - task 7: one clock interrupt at each instruction of a receiver, from its wake-up to behind its callback
 * (see one_shot() of timing.h)
 */
#include <message.h>

#define RUNS 900 /* each with one period more: longer than the way of the receiver */

static sid32 done;
static volatile int messages, alarms, returned, wrong, depth, deepest;

static void enter(void)
{
    if (++depth > deepest)
        deepest = depth;
}

static void on_message(void)
{
    enter();
    messages++;
    depth--;
}

static void on_alarm(void)
{
    enter();
    alarms++;
    depth--;
}

/* The alarm falls due at the interrupt that is swept over its way. */
static process receiver(void)
{
    volatile uint32 above[2] = {lab_given.number[3], lab_given.number[4]};
    uint32 begun = clkcountermsec;

    cbsignal(CB_MESSAGE, on_message, 0);
    cbsignal(CB_ALARM, on_alarm, 2);
    sleep_with_registers(1);
    while (clkcountermsec - begun < 2)
        ;
    returned += sleep_result;
    wrong += stored.ebx != loaded.ebx || stored.esi != loaded.esi || stored.edi != loaded.edi ||
             stored.esp != loaded.esp || stored.ebp != loaded.ebp || above[0] != lab_given.number[3] ||
             above[1] != lab_given.number[4];
    signal(done);
    return OK;
}

/* One run: the receiver is awake, and waits for the CPU, when the count begins. */
static void run(uint32 periods)
{
    pid32 pid = create(receiver, STACK, PRIORITY_BELOW, "receiver", 0);

    resume(pid);
    chprio(getpid(), PRIORITY_BELOW - 1);
    resched(); /* it runs until it sleeps */
    chprio(getpid(), INITPRIO);
    send(pid, 1);
    await_tick(100);
    one_shot(periods);
    wait(done);
    chprio(getpid(), PRIORITY_BELOW - 1);
    resched(); /* it runs to its end */
    chprio(getpid(), INITPRIO);
    recvclr();
}

void check_sweep(void)
{
    const uint32 *number = lab_given.number;
    uint32 i;

    done = semcreate(0);
    await_tick(100);
    loaded = (struct registers){.edi = number[0], .esi = number[1], .ebx = number[2]};
    for (i = 1; i <= RUNS; i++)
        run(i);
    report("messages %d, alarms %d, sleepms returned %d", messages, alarms, returned);
    report("wrong registers or words: %d; at most %s", wrong, deepest <= 2 ? "one callback of each kind" : "more");
}
