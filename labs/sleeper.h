/*
 * sleeper.h - for checks: a process that sleeps, and what becomes of its stack
 */
#ifndef SLEEPER_H
#define SLEEPER_H

#include "timing.h"

/* When each sleeper's sleepms() ends, and how: noted by sleep_with_registers(). */
extern volatile uint32 slept_until;
extern volatile syscall sleep_result;

/*
 * Loads EBX, ESI, EDI, ECX and EDX from `loaded`, calls sleepms(msec), and stores all registers in `stored`. loaded.esp
 * and loaded.ebp get what they are at the call. A wrong ESP is reported, and not used.
 */
void sleep_with_registers(int32 msec);

/* The address behind its call of sleepms(). */
extern const byte behind_sleepms[];

/* Registers this callback and sleeps, below that many frames of other functions, which have locals. */
struct sleeper {
    callback on_message;
    int32 msec;
    uint32 depth;
};
process sleeper(const struct sleeper *how);

/* Starts such a process, and lets it go to sleep. */
pid32 start_sleeper(const struct sleeper *how, pri16 priority);

/* The word by which the sleepms() of this sleeper returns, which holds `behind_sleepms` still; NULL if none does. */
uint32 *return_word(pid32 pid);

/* The stack of a process that is switched out, and which of its words have changed since. */
void copy_stack(pid32 pid);
uint32 changed_words(pid32 pid, uint32 **one);

/* Reports what has become of it since copy_stack(): "no word", "the word by which sleepms() returns", ... */
void report_changed(const char *when, pid32 pid, const uint32 *word);

#endif
