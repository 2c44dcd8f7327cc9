/* detour_lifetime.c - R4: registrations die with the process */
#include "detour.h"

static volatile int alarms, messages, vacations;

static void on_alarm(void)
{
    alarms++;
}
static void on_message(void)
{
    messages++;
}
static void on_vacation(void)
{
    vacations++;
}

static void register_all(void)
{
    cbsignal(CB_ALARM, on_alarm, 5);
    cbsignal(CB_MESSAGE, on_message, 0);
    dreamvac(on_vacation);
}

static void leave_by_exit(void)
{
    register_all();
    send(currpid, 1);
    exit();
}

static void killed_asleep(void)
{
    register_all();
    sleepms(1000);
}

static void block_for_ever(void)
{
    suspend(currpid);
}

static void killed_in_callback(void)
{
    cbsignal(CB_MESSAGE, block_for_ever, 0);
    cbsignal(CB_ALARM, block_for_ever, 0);
    dreamvac(on_vacation);
    send(currpid, 1);
    for (;;)
        ;
}

static int all_initial(pid32 pid)
{
    const struct procent *p = &proctab[pid];

    return p->pretype == 0 && p->pralarmreg == 0 && p->pralarmtime == 0 && p->prcbf1 == NULL && p->prmsgreg == 0 &&
           p->prcbf2 == NULL && p->prhasmsg == FALSE;
}

static volatile int heir_done;

/* The next process in the entry: no event of the old one reaches it, and its own do. */
static void heir(void)
{
    int i;

    hold_clock();
    alarms = messages = vacations = 0;
    for (i = 0; i < 8; i++)
        tick();
    send(currpid, 7);
    tick();
    CHECK(sleepms(0) == OK);
    CHECK(recvclr() == 7);
    CHECK(alarms == 0 && messages == 0 && vacations == 0);
    CHECK(all_initial(currpid));
    register_all();
    send(currpid, 8);
    for (i = 0; i < 5; i++)
        tick();
    CHECK(alarms == 1 && messages == 1 && vacations == 0);
    CHECK(sleepms(0) == OK);
    CHECK(vacations == 1);
    heir_done = TRUE;
    release_clock();
}

/* Creates processes until one gets the entry, and lets that one run. */
static void inherit(pid32 entry)
{
    int i;

    CHECK(isbadpid(entry));
    for (i = 0; i < 2 * NPROC; i++) {
        pid32 pid = create(heir, STACK, PRIORITY_ABOVE, "heir", 0);

        if (pid == entry) {
            CHECK(all_initial(pid));
            heir_done = FALSE;
            resume(pid);
            await_end(pid);
            CHECK(heir_done);
            return;
        }
        kill(pid);
        recvclr();
    }
    CHECK(!"the entry was used again");
}

process main(void)
{
    pid32 pid;

    inherit(start(leave_by_exit));

    pid = start(killed_asleep);
    CHECK(outstanding(pid, 1, 1));
    kill(pid);
    inherit(pid);

    pid = start(killed_asleep); /* its detour is planted, and its alarm due */
    send(pid, 1);
    spin(8);
    kill(pid);
    inherit(pid);

    pid = start_below(killed_in_callback);
    sleepms(5);
    CHECK(proctab[pid].prstate == PR_SUSP);
    kill(pid);
    inherit(pid);
    rule_done("R04");
    return OK;
}
