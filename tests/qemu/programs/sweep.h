/*
 * sweep.h - a clock interrupt at every instruction boundary of a scenario, one boundary a run
 *
 * The emulator runs with an instruction taking 1024 ns (-icount shift=10), while the 8254 counts in periods of 838 ns:
 * so a one-shot count selects any single instruction as the one before which the interrupt arrives, exactly where a
 * real CPU could take it: with interrupts on, and not in the shadow of sti.
 *
 * The 8254 is taken out of its periodic mode: time stands still until a process orders a tick. A scenario runs on
 * processes of higher priority than the sweep's. While they are all blocked the sweep orders ticks, one after the
 * other; a process of the scenario may order one itself. So the ticks of an undisturbed run are numbered. A disturbed
 * run has one tick more, `count` periods after tick number `phase`. The sweep tries all counts of a phase until the
 * next ordered tick comes first, and all phases until the scenario is over before the phase begins. Every tick ends a
 * time slice.
 *
 * After each run: the interrupted process found its registers, EFLAGS, ESP and stack as they were (sweep_witness.h);
 * the process table, its fields, the ready and sleep queues and the semaphores agree with each other, as they did at
 * every ordered tick; all memory is free again; and the scenario finds the outcome of the undisturbed run. The table of
 * page frames is too long to be read every time.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include "sweep_witness.h"

#define PIT_CHANNEL_0 0x40
#define PIT_COMMAND 0x43
#define PIT_ONE_SHOT 0x30 /* channel 0, low and high byte, mode 0: interrupt on terminal count */
#define VECTOR_CLOCK 32

#define SWEEP_ORDERED 8 /* periods until an ordered tick */
#define SWEEP_LONGEST 60000
#define SWEEP_ADDRESSES 8192
#define SWEEP_CHECK_EVERY 500 /* runs between two checks of the table of page frames */

struct scenario {
    const char *name;
    process (*first)(void); /* its first process, of priority 60; creates and resumes the others, of more than 20 */
    void (*verify)(void);   /* CHECKs the outcome, after all its processes have ended, and forgets it */
    int kills;              /* a process of it may not come back to where it was interrupted */
};

static volatile uint32 tick_number;             /* ticks of this run, the disturbance not counted */
static volatile int disturbance_is_armed;       /* the next tick is the disturbance */
static volatile int phase_is_over;              /* the disturbance would have come after the next ordered tick */
static volatile int disturbed;                  /* the disturbance has come */
static uint32 sweep_phase, sweep_count;         /* of this run; count 0: undisturbed */
static uint32 sweep_addresses[SWEEP_ADDRESSES]; /* where disturbances came: a hash table */

extern const char *
broken_process_invariant(void) asm("_ZN6detour24broken_process_invariantEv"); /* kernel/report/invariants.hpp */
extern void clkdisp(void);

static void port_write(uint16 port, byte value)
{
    asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void arm(uint32 periods)
{
    port_write(PIT_COMMAND, PIT_ONE_SHOT);
    port_write(PIT_CHANNEL_0, (byte)periods);
    port_write(PIT_CHANNEL_0, (byte)(periods >> 8));
}

static void remember_address(uint32 address)
{
    uint32 i = address % SWEEP_ADDRESSES;
    while (sweep_addresses[i] != 0 && sweep_addresses[i] != address)
        i = (i + 1) % SWEEP_ADDRESSES;
    sweep_addresses[i] = address;
}

/* Called at every clock interrupt, before clkdisp. */
__attribute__((used)) static void tick_taken(const struct interrupted *frame)
{
    preempt = 1;
    if (disturbance_is_armed) {
        disturbance_is_armed = FALSE;
        disturbed = TRUE;
        remember_address(frame->eip);
        witness_tick(frame);
    } else if (++tick_number == sweep_phase && sweep_count != 0) {
        disturbance_is_armed = TRUE;
        arm(sweep_count);
    }
}

/* Replaces clkdisp in the IDT, and continues there with the same frame and registers. */
void sweep_clock(void);
asm(".text\n"
    "sweep_clock:\n"
    "    pushal\n"
    "    cld\n"
    "    pushl %esp\n"
    "    call tick_taken\n"
    "    addl $4, %esp\n"
    "    popal\n"
    "    jmp clkdisp\n");

static void take_over(int vector, void (*handler)(void))
{
    struct {
        uint16 limit;
        uint32 base;
    } __attribute__((packed)) idt;
    uint16 *gate;

    asm volatile("sidt %0" : "=m"(idt));
    gate = (uint16 *)(idt.base + 8 * vector);
    gate[0] = (uint16)(uint32)handler;
    gate[3] = (uint16)((uint32)handler >> 16);
}

/* Before the first scenario: takes over the clock, and the debug exception. */
static void sweep_begin(void)
{
    intmask mask = disable();

    take_over(VECTOR_CLOCK, sweep_clock);
    take_over(VECTOR_DEBUG, witness_exception);
    port_write(PIT_COMMAND, PIT_ONE_SHOT); /* no count follows: the clock stops */
    restore(mask);
}

static void disarm(void)
{
    if (disturbance_is_armed) {
        disturbance_is_armed = FALSE;
        phase_is_over = TRUE;
    }
}

/* Orders a tick and waits for it, and for its consequences. */
static void order_tick(void)
{
    uint32 last = tick_number;
    intmask mask = disable();
    disarm();
    complain(broken_process_invariant());
    arm(SWEEP_ORDERED);
    restore(mask);
    while (tick_number == last)
        ;
}

static void check_run(const struct scenario *scenario)
{
    intmask mask = disable();

    witness_end(scenario->kills);
    complain(broken_process_invariant());
    restore(mask);
    if (witness_complaint != NULL)
        kprintf("%s, phase %u, count %u, at %08x: %s\n", scenario->name, sweep_phase, sweep_count, witness.frame.eip,
                witness_complaint);
    CHECK(witness_complaint == NULL);
    witness_complaint = NULL;
    scenario->verify();
}

/* One run. Returns whether it was disturbed within its phase. */
static int sweep_run(const struct scenario *scenario)
{
    int32 processes = prcount;
    uint32 pages = freepages();
    pid32 first = create(scenario->first, 8192, 60, scenario->name, 0);
    intmask mask = disable();

    tick_number = 0;
    disturbed = phase_is_over = disturbance_is_armed = FALSE;
    if (sweep_phase == 0 && sweep_count != 0) {
        disturbance_is_armed = TRUE;
        arm(sweep_count);
    }
    resume(first);
    restore(mask);
    while (prcount > processes)
        order_tick();
    disarm();
    recvclr(); /* the message about its end */
    CHECK(freepages() == pages);
    check_run(scenario);
    return disturbed && !phase_is_over;
}

/* Runs a scenario undisturbed, and then once for each boundary. Prints and returns how many were tried. */
static uint32 sweep(const struct scenario *scenario)
{
    uint32 tried = 0, last_tick;

    sweep_count = 0;
    sweep_run(scenario);
    last_tick = tick_number;
#ifdef SWEEP_UNDISTURBED_ONLY
    return 0;
#endif
    for (sweep_phase = 0; sweep_phase <= last_tick; sweep_phase++)
        for (sweep_count = 1; sweep_count < SWEEP_LONGEST && sweep_run(scenario); sweep_count++)
            if (++tried % SWEEP_CHECK_EVERY == 0)
                CHECK(kcheck() == NULL);
    kprintf("%-28s %6u boundaries in %u phases\n", scenario->name, tried, last_tick + 1);
    return tried;
}

/* At how many addresses between begin and end the clock interrupted, in all sweeps. */
static inline uint32 count_interrupted(uint32 begin, uint32 end)
{
    uint32 count = 0, i;

    for (i = 0; i < SWEEP_ADDRESSES; i++)
        count += sweep_addresses[i] >= begin && sweep_addresses[i] < end;
    return count;
}

/* Prints at which addresses between begin and end the clock interrupted, in all sweeps; and which follow
 * a sti, whose shadow no interrupt can hit (0xFB may also be part of another instruction: then the address is
 * no boundary at all). */
static void print_interrupted(const char *name, uint32 begin, uint32 end)
{
    uint32 address, i;

    kprintf("interrupted in %s at", name);
    for (address = begin; address < end; address++)
        for (i = 0; i < SWEEP_ADDRESSES; i++)
            if (sweep_addresses[i] == address)
                kprintf(" %08x", address);
    kprintf("\nafter a sti in %s at", name);
    for (address = begin; address < end; address++)
        if (((const byte *)address)[-1] == 0xFB)
            kprintf(" %08x", address);
    kprintf("\n");
}

#endif
