/* states.h - constants of the process table, for the kernel and ring-3 programs; for C, C++ and assembly */
#ifndef XINU_STATES_H
#define XINU_STATES_H

#include <xinu/config.h>
#ifndef __ASSEMBLER__
#include <xinu/types.h>
#endif

/* Process states (prstate). */
#define PR_FREE 0   /* the entry is unused */
#define PR_CURR 1   /* running */
#define PR_READY 2  /* on the ready queue */
#define PR_RECV 3   /* waiting for a message */
#define PR_SLEEP 4  /* sleeping */
#define PR_SUSP 5   /* suspended */
#define PR_WAIT 6   /* waiting on semaphore prsem */
#define PR_RECTIM 7 /* waiting for a message, with a timeout */
#define PR_DEFER 8  /* running, and its switches are deferred: resched_cntl() */
#define PR_SEND 9   /* waiting to send: sendb() of <xinu/courses.h>, with or without a timeout */
#define PR_CHILD 10 /* waiting for the end of a child: childwait() of <xinu/courses.h> */
#define PR_LOCK 11  /* waiting for a lock: lock() of <xinu/courses.h>, by descriptor */

#define NULLPROC 0 /* the process that runs when no other can */

/* The check for course code; the kernel itself uses its own table accessor. */
#define isbadpid(x) ((pid32)(x) < 0 || (pid32)(x) >= NPROC || proctab[(pid32)(x)].prstate == PR_FREE)

/* Event types of cbsignal(), and the bits of pretype. */
#define CB_ALARM 1
#define CB_MESSAGE 2

#ifndef __ASSEMBLER__
typedef void (*callback)(void);
#endif

#endif
