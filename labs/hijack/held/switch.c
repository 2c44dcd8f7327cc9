/* switch.c - tasks 1 and 2, in the corners */
#include <hijacked.h>

static volatile int calls;

static void function(void)
{
    calls++;
}

static void report_refused(const char *who, pid32 pid)
{
    report("%s: word %s, redirect %s, detour %s", who, switch_word(pid) == NULL ? "NULL" : "found",
           verdict(redirect(pid, function)), verdict(detour(pid, function)));
}

void check_others(void)
{
    pid32 pid = start_victim(0, 1000000);
    char *right = proctab[pid].prstkptr, *base = proctab[pid].prstkbase;

    report("a sleeping one: %s", switch_word(pid) == NULL ? "NULL" : "found");
    report_refused("itself", getpid());
    report_refused("-1", -1);
    report_refused("NPROC", NPROC);
    proctab[pid].prstkptr = (char *)&calls;
    report_refused("a stack pointer elsewhere", pid);
    proctab[pid].prstkptr = base - 4 * given(1, 0, SAVED_WORDS - 1);
    report_refused("not all words on the stack", pid);
    proctab[pid].prstkptr = right;
    end_victim(pid);
    report_refused("one that has ended", pid);
}

/* Leaves every register but ESP changed, and DF set. */
void wild_function(void);
int wild_calls;
asm(".pushsection .text\n"
    "wild_function:\n\t"
    "incl wild_calls\n\t" WRECK_REGISTERS "std\n\t"
    "ret\n"
    ".popsection");

void check_wild(void)
{
    report_landing(wild_function);
    report("calls: %d", wild_calls);
}

static process with_arguments(uint32 first, uint32 second)
{
    report("arguments %u and %u; calls: %d", first, second, calls);
    return OK;
}

void check_first(void)
{
    pid32 pid = create(with_arguments, STACK, PRIORITY_ABOVE, "new", 2, given(0, 0, 1000000), given(1, 0, 1000000));

    report("detour: %s", verdict(detour(pid, function)));
    resume(pid);
    await_end(pid);
}

static process sleeper_100(void)
{
    int i;

    for (i = 0; i < 100; i++)
        sleepms(1);
    report("100 sleeps; calls: %d", calls);
    return OK;
}

static volatile uint32 order;

static void one(void)
{
    order = 10 * order + 1;
}

static void two(void)
{
    order = 10 * order + 2;
}

static void three(void)
{
    order = 10 * order + 3;
}

void check_hundred(void)
{
    pid32 pid = start(sleeper_100, PRIORITY_ABOVE, "sleeper"), victim;
    int refused = 0, i;

    for (i = 0; i < 100; i++) {
        uint32 before = clkcountermsec;

        refused += detour(pid, function) != OK;
        while (clkcountermsec == before)
            ;
    }
    await_end(pid);
    report("refused: %d", refused);
    victim = start_victim(0, 20);
    detour(victim, one);
    detour(victim, two);
    detour(victim, three);
    await_end(victim);
    report("three at a time: %u, sleepms returns %d", order, sleep_result);
}
