/*
 * user_sweep.h - a clock interrupt at every boundary between two instructions of ring 3, one boundary a run
 *
 * The method is that of sweep.h: the 8254 counts once and can interrupt before any single instruction; ticks are
 * ordered one by one; a disturbed run has one tick more, `count` periods after tick number `phase`. Here the processes
 * that are disturbed are in ring 3 and cannot order ticks: they ask a process of ring 0, which runs with interrupts
 * masked, as all others of ring 0 do. So boundaries of the kernel are not tried again.
 *
 * Most counts end while the kernel has interrupts masked, and all of these interrupt the same boundary. When the
 * disturbance comes, the 8254 tells how long ago its count ended, and the next run leaves those out.
 */
#ifndef USER_SWEEP_H
#define USER_SWEEP_H

#include "user_sweep_witness.h"

#define PIT_CHANNEL_0 0x40
#define PIT_COMMAND 0x43
#define PIT_ONE_SHOT 0x30 /* channel 0, low and high byte, mode 0: interrupt on terminal count */
#define PIT_LATCH 0x00    /* channel 0 */
#define VECTOR_CLOCK 32

#define SWEEP_ORDERED 8 /* periods until an ordered tick */
/* Periods within which an interrupt reads the 8254, as main() checks, and some 40 by which the way through the kernel
 * before it may be shorter in the next run. */
#define SWEEP_NOTICED 100
#define SWEEP_LONGEST 60000
#define SWEEP_ADDRESSES 4096

static volatile uint32 tick_number;             /* ticks of this run, the disturbance not counted */
static volatile int disturbance_is_armed;       /* the next tick is the disturbance */
static volatile int phase_is_over;              /* the disturbance would have come after the next ordered tick */
static volatile int disturbed;                  /* the disturbance has come */
static volatile int in_ring3;                   /* and there */
static uint32 sweep_phase, sweep_count;         /* of this run; count 0: undisturbed */
static uint32 soonest = 0xFFFF;                 /* periods from the end of a count to its reading, at least */
static uint32 next_count;                       /* the first that may interrupt the next boundary */
static uint32 sweep_addresses[SWEEP_ADDRESSES]; /* of ring 3, where disturbances came: a hash table */

extern const char *
broken_process_invariant(void) asm("_ZN6detour24broken_process_invariantEv"); /* kernel/report/invariants.hpp */

static void port_write(uint16 port, byte value)
{
    asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static byte port_read(uint16 port)
{
    byte value;
    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static void arm(uint32 periods)
{
    port_write(PIT_COMMAND, PIT_ONE_SHOT);
    port_write(PIT_CHANNEL_0, (byte)periods);
    port_write(PIT_CHANNEL_0, (byte)(periods >> 8));
}

/* Periods since arm(sweep_count): the counter goes on below 0. */
static uint32 elapsed(void)
{
    uint32 low, counter;

    port_write(PIT_COMMAND, PIT_LATCH);
    low = port_read(PIT_CHANNEL_0);
    counter = low | (uint32)port_read(PIT_CHANNEL_0) << 8;
    return (sweep_count - counter) & 0xFFFF;
}

static void remember_address(uint32 address)
{
    uint32 i = address % SWEEP_ADDRESSES;
    while (sweep_addresses[i] != 0 && sweep_addresses[i] != address)
        i = (i + 1) % SWEEP_ADDRESSES;
    sweep_addresses[i] = address;
}

static void take_disturbance(const struct interrupted *frame)
{
    uint32 now = elapsed(), reached = now - SWEEP_NOTICED;

    if (now - sweep_count < soonest)
        soonest = now - sweep_count;
    next_count = (int32)reached > (int32)sweep_count ? reached : sweep_count + 1;
    disturbance_is_armed = FALSE;
    disturbed = TRUE;
    in_ring3 = (frame->cs & 3) != 0;
    if (in_ring3) {
        remember_address(frame->eip);
        witness_tick(frame);
    }
}

/* Called at every clock interrupt, before clkdisp. Every tick ends a time slice. */
__attribute__((used)) static void tick_taken(const struct interrupted *frame)
{
    preempt = 1;
    if (disturbance_is_armed)
        take_disturbance(frame);
    else if (++tick_number == sweep_phase && sweep_count != 0) {
        disturbance_is_armed = TRUE;
        arm(sweep_count);
    }
}

HANDLER(sweep_clock, tick_taken, "jmp clkdisp");

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

/* Before the first run: takes over the clock, and the debug exception. */
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

/* The next tick. Interrupts masked: it comes when the caller, or the process that runs then, has them on. */
static void order_tick(void)
{
    disarm();
    arm(SWEEP_ORDERED);
}

#endif
