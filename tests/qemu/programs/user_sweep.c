/* Detours in ring 3, swept: the clock interrupts before every instruction. See user_sweep.h. */
#include "user_sweep.h"

#define PRIORITY 60 /* of what is disturbed */

/* How the partner of a ring-3 process is created. NULL: there is none. */
struct scenario {
    const char *name;
    char letter;              /* of tests/user/sweep_target.c */
    process (*partner)(void); /* in ring 0 */
    int ring3_sender;         /* the partner is in ring 3, and sends */
    pri16 priority;           /* of the partner */
    int kills;                /* the process may not resume where it was interrupted */
};

static pid32 target, partner, orders;
static volatile uint32 outcome, line_of_complaint;

/* A partner's beginning: masked, and suspended until ring 3 asks for it. */
static void await_order(void)
{
    disable();
    suspend(getpid());
}

static process sender(void)
{
    await_order();
    CHECK(send(target, 77) == OK);
    return OK;
}

static process killer(void)
{
    await_order();
    CHECK(kill(target) == OK);
    return OK;
}

/* What ring 3 asks for: see sweep_target.c. */
static process take_orders(void)
{
    disable();
    for (umsg32 order = receive(); order != 0; order = receive()) {
        switch (order & 0xFF) {
        case 'T':
            order_tick();
            break;
        case 'P':
            resume(partner);
            break;
        case 'V':
            outcome = order >> 8;
            break;
        default:
            complain("ring 3 has found something wrong");
            line_of_complaint = order >> 8;
        }
    }
    return OK;
}

static pid32 start_ring3(char letter, pri16 priority, pid32 of_partner)
{
    const char which[] = {letter, (char)(orders + 1), (char)(of_partner + 1), 0};
    return upcreate("sweep_target", priority, 2, "sweep_target", which);
}

/* Two bits a callback, whatever their order: how often there was each of the three kinds. */
static uint32 count_kinds(uint32 callbacks)
{
    uint32 count = 0;
    for (; callbacks != 0; callbacks >>= 2)
        count += 1U << 8 * (callbacks & 3);
    return count;
}

static void check_run(const struct scenario *scenario, uint32 expected)
{
    intmask mask = disable();

    witness_end(scenario->kills);
    complain(broken_process_invariant());
    if (sweep_count != 0 && count_kinds(outcome) != count_kinds(expected))
        complain("there were other callbacks than in the undisturbed run");
    restore(mask);
    if (witness_complaint != NULL)
        kprintf("%s, phase %u, count %u, at %08x: %s (line %u)\n", scenario->name, sweep_phase, sweep_count,
                witness.frame.eip, witness_complaint, line_of_complaint);
    CHECK(witness_complaint == NULL);
    witness_complaint = NULL;
    line_of_complaint = 0;
}

static void start_partner(const struct scenario *scenario)
{
    partner = SYSERR;
    if (scenario->ring3_sender)
        partner = start_ring3('s', scenario->priority, target);
    else if (scenario->partner != NULL)
        resume(partner = create(scenario->partner, 8192, scenario->priority, "partner", 0));
}

/* One run. Returns whether it was disturbed within its phase. */
static int sweep_run(const struct scenario *scenario, uint32 expected)
{
    int32 processes = prcount;
    uint32 pages = freepages();
    intmask mask = disable();

    target = start_ring3(scenario->letter, PRIORITY, 0);
    start_partner(scenario);
    tick_number = outcome = 0;
    disturbed = phase_is_over = disturbance_is_armed = in_ring3 = FALSE;
    if (sweep_phase == 0 && sweep_count != 0) {
        disturbance_is_armed = TRUE;
        arm(sweep_count);
    }
    resume(target);
    while (prcount > processes) {
        uint32 last = tick_number;
        order_tick();
        restore(mask);
        while (tick_number == last)
            ;
        disable();
    }
    disarm();
    recvclr(); /* the messages about the ends */
    restore(mask);
    CHECK(freepages() == pages);
    check_run(scenario, expected);
    return disturbed && !phase_is_over;
}

/*
 * Runs a scenario undisturbed, and then once for each boundary. Returns how many in ring 3 were tried. A count comes
 * sooner or later by a part of an instruction, depending on how much idle time the virtual clock has skipped: so a
 * boundary can be missed, and all are tried again.
 */
static uint32 sweep(const struct scenario *scenario)
{
    uint32 tried = 0, runs = 0, last_tick, expected, again;

    sweep_count = 0;
    sweep_run(scenario, 0);
    last_tick = tick_number;
    expected = outcome;
#ifdef SWEEP_UNDISTURBED_ONLY
    return 0;
#endif
    for (again = 0; again < 2; again++)
        for (sweep_phase = 0; sweep_phase <= last_tick; sweep_phase++)
            for (sweep_count = 1; sweep_count < SWEEP_LONGEST && sweep_run(scenario, expected);
                 sweep_count = next_count) {
                runs++;
                tried += in_ring3;
            }
    CHECK(kcheck() == NULL);
    kprintf("%-28s %6u boundaries in %u runs\n", scenario->name, tried, runs);
    return tried;
}

static void print_interrupted(void)
{
    uint32 i;

    kprintf("interrupted at");
    for (i = 0; i < SWEEP_ADDRESSES; i++)
        if (sweep_addresses[i] != 0)
            kprintf(" %08x", sweep_addresses[i]);
    kprintf("\n");
}

static const struct scenario scenarios[] = {
    {"no callback", 'p', NULL, FALSE, 0, FALSE},
    {"alarm", 'a', NULL, FALSE, 0, FALSE},
    {"message in sleepms", 'm', sender, FALSE, 40, FALSE},
    {"message elsewhere", 'e', sender, FALSE, PRIORITY, FALSE},
    {"alarm and message", 'b', NULL, TRUE, 40, FALSE},
    {"registration in the callback", 'g', NULL, FALSE, 0, FALSE},
    {"vacation and message", 'v', sender, FALSE, 40, FALSE},
    {"kill in the callback", 'k', killer, FALSE, PRIORITY, TRUE},
};

process main(void)
{
    uint32 tried = 0, i;

    orders = create(take_orders, 8192, PRIORITY + 10, "orders", 0);
    resume(orders);
    sweep_begin();
    for (i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++)
        tried += sweep(&scenarios[i]);
    kprintf("boundaries: %u\n", tried);
    print_interrupted();
#ifndef SWEEP_UNDISTURBED_ONLY
    kprintf("noticed after %u periods\n", soonest);
    CHECK(soonest + 2 <= SWEEP_NOTICED); /* or boundaries would have been left out */
#endif
    send(orders, 0);
    recvclr();
    CHECK(kcheck() == NULL);
    checks_done();
    return OK;
}
