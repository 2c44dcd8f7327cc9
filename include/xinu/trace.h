/*
 * trace.h - a record of the switches between processes and of their detours
 *
 * The CPU's debug registers tell the kernel of each: no path of the kernel has an instruction more, whether it is
 * recorded or not. While it is, some time passes at each event, and debug registers have no other use.
 */
#ifndef XINU_TRACE_H
#define XINU_TRACE_H

#include <xinu/states.h>

#define TRACE_EVENTS 256 /* at which a record is full, and ends by itself */

/* What happened (trkind). */
#define TR_SWITCH 0 /* from trfrom to trpid */
#define TR_TICK 1   /* trpid, interrupted by the clock, finds itself in cbfmanager: its callback runs */
#define TR_RETURN 2 /* trpid, returning from sleepms(), finds itself in cbfreturn: its callback runs */
#define TR_RING3 3  /* trpid, in ring 3, finds itself in its cbfmanager: its callback runs */

struct traceent {
    uint32 trmsec;       /* clkcountermsec */
    uint16 trkind;       /* TR_SWITCH ... TR_RING3 */
    uint16 trstate;      /* TR_SWITCH: prstate of trfrom; PR_FREE: it has ended */
    pid32 trfrom;        /* TR_SWITCH: the process that does not go on */
    pid32 trpid;         /* the process that does */
    char trname[PNMLEN]; /* its prname */
};

#ifdef __cplusplus
extern "C" {
#endif

/* Begins a record. One that has begun is given up. Returns OK. */
syscall trace_start(void);

/*
 * Ends the record, and copies its first events, at most `count`, to `events`. Returns how many it has. SYSERR: there is
 * no record, or `count` is negative.
 */
int32 trace_stop(struct traceent *events, int32 count);

#ifdef __cplusplus
}
#endif

#endif
