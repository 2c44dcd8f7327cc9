/* resched.h - deferring switches (system/defer.cpp) */
#ifndef XINU_RESCHED_H
#define XINU_RESCHED_H

#include <xinu/types.h>

#define DEFER_START 1
#define DEFER_STOP 2

/* The deferral of the running process, which ends when that blocks or ends. In Xinu it is the whole system's. */
struct defer {
    int32 ndefers; /* how often DEFER_START was called without DEFER_STOP */
    bool8 attempt; /* whether a switch was called for meanwhile */
};

#ifdef __cplusplus
extern "C" {
#endif

extern struct defer Defer;

/*
 * DEFER_START: from now on the caller goes on whatever becomes ready, until it has called DEFER_STOP as often; then
 * there is a switch, if one was called for. The caller is PR_DEFER meanwhile. Interrupts are taken. Returns OK. SYSERR:
 * another argument, or DEFER_STOP without DEFER_START.
 */
status resched_cntl(int32 defer);
status sched_cntl(int32 defer); /* the same, as some terms call it */

#ifdef __cplusplus
}
#endif

#endif
