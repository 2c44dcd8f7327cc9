/* hijacked.h - what the checks of the hijack lab share: victims */
#ifndef HIJACKED_H
#define HIJACKED_H

#include <hijack.h>
#include <sleeper.h>
#include <xinu/saved_stack.h>

/* Starts a process that sleeps for so long, below given(i) frames of other functions. */
pid32 start_victim(uint32 i, int32 msec);

/* Ends a process of which nothing more is wanted. */
void end_victim(pid32 pid);

/* Victims that are elsewhere: waiting for a semaphore, ready, not yet started. end_victim() ends them. */
pid32 waiting_victim(void);
pid32 ready_victim(void);
pid32 new_victim(void);

/*
 * A new process with known registers and flags in its saved words, as `loaded` has them. It stores those with which it
 * begins in `stored`, and ends.
 */
pid32 new_landing(pri16 priority);

/* Leads such a process through this function, and reports with which registers it begins afterwards. */
void report_landing(callback function);

const char *verdict(syscall result);

#endif
