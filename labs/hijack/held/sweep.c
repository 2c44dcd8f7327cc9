/*
 * sweep.c - task 5: one clock interrupt at each instruction of a victim, from its wake-up to behind its sleep
 * (see one_shot() of timing.h)
 */
#include <hijacked.h>

#define RUNS 700 /* each with one period more: longer than the way of the victim */

static sid32 done;
static volatile int detours, diversions, returned, wrong;

static void on_detour(void)
{
    detours++;
}

static void behind_sleep(void)
{
    diversions++;
}

static process victim(void)
{
    uint32 begun = clkcountermsec;

    sleep_with_registers(1);
    while (clkcountermsec - begun < 2)
        ;
    returned += sleep_result;
    wrong += stored.ebx != loaded.ebx || stored.esi != loaded.esi || stored.edi != loaded.edi ||
             stored.esp != loaded.esp || stored.ebp != loaded.ebp;
    signal(done);
    return OK;
}

static void let_it_run(void)
{
    chprio(getpid(), PRIORITY_BELOW - 1);
    resched();
    chprio(getpid(), INITPRIO);
}

/* One run: the victim is awake, and waits for the CPU, when the count begins. */
static void run(uint32 periods)
{
    pid32 pid = create(victim, STACK, PRIORITY_BELOW, "victim", 0);

    resume(pid);
    let_it_run(); /* until it sleeps */
    divert(pid, behind_sleep);
    detour(pid, on_detour);
    await_tick(100);
    one_shot(periods);
    wait(done);
    let_it_run(); /* to its end */
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
    report("detours %d, diversions %d, sleepms returned %d", detours, diversions, returned);
    report("wrong registers: %d", wrong);
}
