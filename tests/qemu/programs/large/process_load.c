/*
 * 10,000 processes for ten minutes: sleepers, alarms, messages to sleeping receivers, semaphores, and processes that
 * come and go. Nothing is lost, early, delivered twice or delivered to another, and in the end all memory is free.
 */
#include "../check.h"

#define MINUTES 10
#define SLEEPERS 4000
#define ALARMED 2000
#define PAIRS 1450 /* of a sender and a receiver */
#define SHARERS 1000
#define SHARED 100 /* semaphores, each for ten of the sharers */
#define PARENTS 100
#define ALL (SLEEPERS + ALARMED + 2 * PAIRS + SHARERS + PARENTS)

static volatile bool8 stopping;
static volatile uint32 ended;

/* What a process has done, or what was done to it; only it writes here, or its own callback. */
static struct account {
    uint32 expected;
    volatile uint32 happened;
} accounts[NPROC];

enum kind { NAP, ALARM, MESSAGE, HOLD, CHILD, KINDS };

static struct account totals[KINDS];
static pid32 receivers[PAIRS];
static sid32 semaphores[SHARED];
static volatile uint32 inside[SHARED]; /* processes that hold the semaphore */
static uint32 early, crowded, refused;

static void add(volatile uint32 *total, uint32 more)
{
    intmask mask = disable();

    *total += more;
    restore(mask);
}

/* The end of a process: its account goes into the total of its kind. */
static void close_account(enum kind kind)
{
    struct account *own = &accounts[getpid()];

    add(&totals[kind].expected, own->expected);
    add(&totals[kind].happened, own->happened);
    own->expected = own->happened = 0;
    add(&ended, 1);
}

static void count_event(void)
{
    accounts[getpid()].happened++;
}

static process sleeper(uint32 number)
{
    struct account *own = &accounts[getpid()];
    uint32 period = 2000 + number * 7 % 8000;

    while (!stopping) {
        uint32 begun = clkcountermsec;

        own->expected++;
        sleepms((int32)period);
        if (clkcountermsec - begun < period)
            add(&early, 1);
        own->happened++;
    }
    close_account(NAP);
    return OK;
}

static process alarmed(uint32 number)
{
    struct account *own = &accounts[getpid()];
    uint32 period = 1000 + number * 13 % 4000;

    while (!stopping) {
        own->expected++;
        if (cbsignal(CB_ALARM, count_event, period) == SYSERR)
            add(&refused, 1);
        sleepms((int32)period + 500);
    }
    close_account(ALARM);
    return OK;
}

static void on_message(void)
{
    if (recvclr() == (umsg32)getpid())
        count_event();
}

static process receiver(void)
{
    while (!stopping) {
        if (cbsignal(CB_MESSAGE, on_message, 0) == SYSERR)
            add(&refused, 1);
        sleepms(4000);
    }
    close_account(MESSAGE);
    return OK;
}

/* Its receiver sleeps, and gets one message in each sleep: the account of the sender has how many there are to be. */
static process sender(uint32 number)
{
    pid32 to = receivers[number];

    sleepms(100 + (int32)(number * 3 % 3500));
    while (!stopping) {
        if (send(to, (umsg32)to) == OK)
            accounts[getpid()].expected++;
        else
            add(&refused, 1);
        sleepms(4000);
    }
    close_account(MESSAGE);
    return OK;
}

static process sharer(uint32 number)
{
    struct account *own = &accounts[getpid()];
    uint32 shared = number % SHARED;

    while (!stopping) {
        own->expected++;
        wait(semaphores[shared]);
        if (inside[shared]++ != 0)
            add(&crowded, 1);
        sleepms(100 + (int32)number % 50);
        inside[shared]--;
        own->happened++;
        signal(semaphores[shared]);
        sleepms(3000);
    }
    close_account(HOLD);
    return OK;
}

static process child(volatile uint32 *happened)
{
    ++*happened;
    return OK;
}

static process parent(uint32 number)
{
    struct account *own = &accounts[getpid()];

    while (!stopping) {
        pid32 pid = create(child, 400, 30, "child", 1, &own->happened), victim = create(child, 400, 1, "victim", 1, 0);

        own->expected++;
        resume(pid);
        if (kill(victim) != OK)
            add(&refused, 1);
        sleepms(1000 + (int32)number * 5);
    }
    close_account(CHILD);
    return OK;
}

static void start(void *function, uint32 count, const char *name)
{
    uint32 i;

    for (i = 0; i < count; i++)
        CHECK(resume(create(function, 600, 10 + (pri16)(i % 5), name, 1, i)) != SYSERR);
}

static void start_all(void)
{
    uint32 i;

    for (i = 0; i < SHARED; i++)
        semaphores[i] = semcreate(1);
    for (i = 0; i < PAIRS; i++) {
        receivers[i] = create(receiver, 600, 15, "receiver", 0);
        CHECK(resume(receivers[i]) != SYSERR);
    }
    start(sender, PAIRS, "sender");
    start(sleeper, SLEEPERS, "sleeper");
    start(alarmed, ALARMED, "alarmed");
    start(sharer, SHARERS, "sharer");
    start(parent, PARENTS, "parent");
}

process main(void)
{
    uint32 before = freepages();
    int kind, shared;

    start_all();
    CHECK(prcount >= ALL + 2 && kcheck() == NULL);
    sleep(MINUTES * 60);
    stopping = TRUE;
    while (ended < ALL)
        sleepms(1000);
    sleepms(100);
    for (kind = 0; kind < KINDS; kind++) {
        kprintf("kind %d: %u of %u\n", kind, totals[kind].happened, totals[kind].expected);
        CHECK(totals[kind].happened == totals[kind].expected && totals[kind].expected > 1000);
    }
    kprintf("%u too early, %u too many, %u refused\n", early, crowded, refused);
    CHECK(early == 0 && crowded == 0 && refused == 0);
    for (shared = 0; shared < SHARED; shared++)
        CHECK(semdelete(semaphores[shared]) == OK);
    CHECK(prcount == 2 && freepages() == before);
    CHECK(kcheck() == NULL);
    checks_done();
    return OK;
}
