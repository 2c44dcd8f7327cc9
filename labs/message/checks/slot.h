/* slot.h - find_sleepms_slot() of kernel/detour/sleepms_slot.hpp, for checks in C */
#ifndef SLOT_H
#define SLOT_H

#include "message.h"

#include <xinu/saved_stack.h>

struct stack_view {
    uint32 low;
    const uint32 *words;
    uint32 count;
};
struct code_range {
    uint32 begin, end;
};

uint32
find_sleepms_slot(struct stack_view stack, uint32 saved_stack_pointer, struct code_range resched,
                  struct code_range sleepms) asm("_ZN6detour17find_sleepms_slotENS_9StackViewEjNS_9CodeRangeES1_");

/* From the linker script. */
extern byte resched_text[], resched_etext[], sleepms_text[], sleepms_etext[];

/* What it finds for this process, as it is now. */
uint32 *find_in(pid32 pid);

/* "not found", "the word by which sleepms() returns", or how far off it is. */
const char *verdict_on(const uint32 *found, const uint32 *right);

/* The frames on the stack of a sleeper, as the addresses of their saved EBPs. */
uint32 *ctxsw_frame(pid32 pid);
uint32 *resched_frame(pid32 pid);
uint32 *sleepms_frame(pid32 pid);

/* Starts a process that sleeps for ever, or nearly. */
pid32 start_deep_sleeper(uint32 depth);

#endif
