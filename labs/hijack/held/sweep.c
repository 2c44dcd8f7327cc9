/*
 * sweep.c - tasks 2 and 3: one clock interrupt at each instruction of a victim (see one_shot() of timing.h): of a new
 * process on its detour, and of one that sleeps, from its wake-up to behind its sleep
 */
#include <hijacked.h>

#define RUNS 700 /* each with one period more: longer than the way of a victim */

static sid32 done;
static volatile int detours, landed, diversions, returned, wrong;

static void on_detour(void)
{
    detours++;
}

static void behind_sleep(void)
{
    diversions++;
}

static void let_it_run(void)
{
    chprio(getpid(), PRIORITY_BELOW - 1);
    resched();
    chprio(getpid(), INITPRIO);
}

/* What any function preserves. */
static void note_wrong(void)
{
    wrong += stored.ebx != loaded.ebx || stored.esi != loaded.esi || stored.edi != loaded.edi ||
             stored.esp != loaded.esp || stored.ebp != loaded.ebp;
}

/* A new process has interrupts enabled from its first instruction on, which is that of the detour. */
static void run_detour(uint32 periods)
{
    pid32 pid = new_landing(PRIORITY_BELOW);

    stored = (struct registers){0};
    detour(pid, on_detour);
    resume(pid);
    await_tick(100);
    one_shot(periods);
    let_it_run(); /* to its end */
    recvclr();
    landed += stored.esp != 0;
    note_wrong();
}

void check_sweep(void)
{
    uint32 i;

    await_tick(100);
    for (i = 1; i <= RUNS; i++)
        run_detour(i);
    report("detours %d, landed %d", detours, landed);
    report("wrong registers: %d", wrong);
}

static process victim(void)
{
    uint32 begun = clkcountermsec;

    sleep_with_registers(1);
    while (clkcountermsec - begun < 2)
        ;
    returned += sleep_result;
    note_wrong();
    signal(done);
    return OK;
}

/* The victim is awake, and waits for the CPU, when the count begins. */
static void run_both(uint32 periods)
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

void check_sweep_sleep(void)
{
    const uint32 *number = lab_given.number;
    uint32 i;

    done = semcreate(0);
    await_tick(100);
    loaded = (struct registers){.edi = number[0], .esi = number[1], .ebx = number[2]};
    for (i = 1; i <= RUNS; i++)
        run_both(i);
    report("detours %d, diversions %d, sleepms returned %d", detours, diversions, returned);
    report("wrong registers: %d", wrong);
}
