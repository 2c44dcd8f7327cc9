/* ports.h - ports: queues of one-word messages with many senders and receivers (system/port.cpp) */
#ifndef XINU_PORTS_H
#define XINU_PORTS_H

#include <xinu/types.h>

#define NPORTS 30   /* ports */
#define PT_MSGS 100 /* messages in all ports together, unless ptinit() was called with another number */

#define PT_FREE 1  /* ptstate: the entry is unused */
#define PT_LIMBO 2 /* being reset or deleted */
#define PT_ALLOC 3 /* in use */

struct ptnode { /* a message that waits in a port, or a free node */
    uint32 ptmsg;
    struct ptnode *ptnext;
};

struct ptentry {
    sid32 ptssem;    /* senders wait: counts the messages that the port has room for */
    sid32 ptrsem;    /* receivers wait: counts the messages */
    uint16 ptstate;  /* PT_FREE, PT_LIMBO or PT_ALLOC */
    uint16 ptmaxcnt; /* the most messages */
    int32 ptseq;     /* changes at each reset, by which those that waited then notice it */
    struct ptnode *pthead, *pttail;
};

#define isbadport(port) ((int32)(port) < 0 || (int32)(port) >= NPORTS)

#ifdef __cplusplus
extern "C" {
#endif

extern struct ptnode *ptfree;    /* nodes that were in use and are free */
extern struct ptentry porttab[]; /* NPORTS entries */
extern int32 ptnextid;           /* where the search for a free entry begins */

/*
 * Makes all ports free, with maxmsgs nodes for their messages, 1 to 65535. Not necessary: the first ptcreate() does it
 * with PT_MSGS. SYSERR: maxmsgs out of range, no memory, a port in use.
 */
syscall ptinit(int32 maxmsgs);

/* A new port for at most count messages, 1 to 65535. Returns its id. SYSERR: count; no free port, semaphore, memory. */
syscall ptcreate(int32 count);

/*
 * Appends a message; blocks while the port is full. SYSERR: no such port, which may also be reset or deleted meanwhile;
 * no free node.
 */
syscall ptsend(int32 port, umsg32 msg);

/* The oldest message; blocks until there is one. SYSERR: as for ptsend(). */
uint32 ptrecv(int32 port);

/* The messages that wait, minus the number of waiting receivers. */
syscall ptcount(int32 port);

/*
 * Empties the port: calls dispose with each message, if it is not NULL. All that wait in ptsend() and ptrecv() get
 * SYSERR. ptdelete() also frees the port.
 */
syscall ptreset(int32 port, int32 (*dispose)(int32));
syscall ptdelete(int32 port, int32 (*dispose)(int32));

#ifdef __cplusplus
}
#endif

#endif
