/*
 * soak - 100 processes with alarms, messages and vacations, until enough detours have been taken
 *
 * Every process registers at random, works, sleeps, yields and sends. Nothing may be lost (registrations = deliveries +
 * those still outstanding), delivered twice, or delivered to another process; and nothing that is interrupted may
 * notice. The number of detours is read from the console. tools/run/run.py --seed varies the time of the clock
 * interrupts.
 */
#include "../sweep_work.h"

#define WORKERS 100
#define FIRST_PRIORITY 20

enum kind { ALARM, MESSAGE, VACATION, KINDS };

/* A process counts for itself, so no counter is shared. */
static struct account {
    uint32 registered[KINDS];
    volatile uint32 delivered[KINDS];
    uint32 random;
} accounts[NPROC];

static pid32 workers[WORKERS];
static volatile int stopping;
static uint32 undisturbed;

static uint32 chance(uint32 n)
{
    struct account *own = &accounts[getpid()];
    own->random = own->random * 1664525 + 1013904223;
    return (own->random >> 16) % n;
}

static void check_work(void)
{
    CHECK(work() == undisturbed);
}

/* A delivery: to a process that registered for it, and not more often than it did. */
static void deliver(enum kind kind)
{
    struct account *own = &accounts[getpid()];
    uint32 flags;

    asm volatile("pushfl; popl %0" : "=r"(flags));
    CHECK((flags & 0x600) == 0x200);
    own->delivered[kind]++;
    CHECK(own->delivered[kind] <= own->registered[kind]);
}

static void register_something(void);

static void on_alarm(void)
{
    deliver(ALARM);
    check_work();
    if (chance(4) == 0)
        register_something();
    if (chance(8) == 0)
        checked_sleepms((int32)chance(3));
}

static void on_message(void)
{
    deliver(MESSAGE);
    if (chance(4) != 0)
        recvclr();
    check_work();
    if (chance(4) == 0)
        register_something();
    if (chance(8) == 0)
        checked_sleepms((int32)chance(3));
}

static void on_vacation(void)
{
    deliver(VACATION);
    check_work();
}

/* A registration counts before its event can occur: the account is set with interrupts masked. */
static void register_something(void)
{
    struct account *own = &accounts[getpid()];
    intmask mask = disable();
    uint32 which = chance(3);

    if (which == ALARM)
        own->registered[ALARM] += cbsignal(CB_ALARM, on_alarm, chance(6)) == 0;
    else if (which == MESSAGE)
        own->registered[MESSAGE] += cbsignal(CB_MESSAGE, on_message, 0) == 0;
    else if (proctab[getpid()].prdetour.vacation == NULL)
        own->registered[VACATION] += dreamvac(on_vacation) == OK;
    restore(mask);
}

static process worker(uint32 seed)
{
    accounts[getpid()].random = seed;
    while (!stopping) {
        register_something();
        check_work();
        switch (chance(8)) {
        case 0:
            yield();
            break;
        case 1:
            recvclr();
            break;
        case 2:
            chprio(getpid(), (pri16)(FIRST_PRIORITY + chance(3)));
            break;
        case 3:
        case 4:
            send(workers[chance(WORKERS)], seed);
            break;
        default:
            CHECK(checked_sleepms((int32)chance(5)) == OK);
        }
    }
    suspend(getpid()); /* its fields are still to be read */
    return OK;
}

static uint32 number_from_console(void)
{
    uint32 n = 0;
    int c;
    while ((c = kgetc()) >= '0' && c <= '9')
        n = n * 10 + (uint32)(c - '0');
    return n;
}

static uint32 deliveries(void)
{
    uint32 sum = 0;
    int i, kind;
    for (i = 0; i < WORKERS; i++)
        for (kind = 0; kind < KINDS; kind++)
            sum += accounts[workers[i]].delivered[kind];
    return sum;
}

static void check_account(pid32 pid)
{
    const struct account *account = &accounts[pid];
    const struct procent *entry = &proctab[pid];

    CHECK(entry->prstate == PR_SUSP && entry->prdetour.running == 0);
    CHECK(account->registered[ALARM] == account->delivered[ALARM] + entry->pralarmreg);
    CHECK(account->registered[MESSAGE] == account->delivered[MESSAGE] + entry->prmsgreg);
    CHECK(account->registered[VACATION] == account->delivered[VACATION] + (entry->prdetour.vacation != NULL));
}

process main(void)
{
    uint32 wanted = number_from_console();
    int i;

    chprio(getpid(), 100); /* main looks in between, before all others */
    undisturbed = work();
    for (i = 0; i < WORKERS; i++)
        workers[i] = create(worker, 8192, FIRST_PRIORITY, "worker", 1, (uint32)i + 1);
    for (i = 0; i < WORKERS; i++)
        resume(workers[i]);
    while (deliveries() < wanted) {
        sleepms(50);
        CHECK(kcheck() == NULL);
    }
    stopping = TRUE;
    sleepms(500); /* the workers come to their end */
    for (i = 0; i < WORKERS; i++)
        check_account(workers[i]);
    kprintf("detours: %u in %u msec\n", deliveries(), clkcountermsec);
    for (i = 0; i < WORKERS; i++)
        kill(workers[i]);
    checks_done();
    return OK;
}
