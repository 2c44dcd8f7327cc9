/*
 * queue.h - queues of processes, as Xinu has them (system/queue.cpp)
 *
 * A program makes queues with newqueue(); a process is in at most one of them, whose links are its entry of queuetab.
 * The kernel's own queues are of another kind: what is ready is shown by a view, readylist.
 */
#ifndef XINU_QUEUE_H
#define XINU_QUEUE_H

#include <xinu/config.h>
#include <xinu/types.h>

#define NQUEUES 122                 /* that of the view, and 121 for newqueue() */
#define NQENT (NPROC + 2 * NQUEUES) /* an entry for each process, two for the head and the tail of each queue */
#define EMPTY (-1)                  /* no process: the result of dequeue() for an empty queue */
#define MAXKEY 0x7FFFFFFF           /* the key of a head, */
#define MINKEY ((int32)0x80000000)  /* and that of a tail */

struct qentry {
    int32 qkey;  /* with which the process was inserted */
    qid16 qnext; /* the next entry, or the tail's */
    qid16 qprev; /* the one before, or the head's */
};

/* As macros, since a program may take any of them apart. */
#define queuehead(q) (q)
#define queuetail(q) ((q) + 1)
#define firstid(q) (queuetab[queuehead(q)].qnext)
#define lastid(q) (queuetab[queuetail(q)].qprev)
#define isempty(q) (firstid(q) >= NPROC)
#define nonempty(q) (firstid(q) < NPROC)
#define firstkey(q) (queuetab[firstid(q)].qkey)
#define lastkey(q) (queuetab[lastid(q)].qkey)
#define isbadqid(q) ((int32)(q) < NPROC || (int32)(q) >= NQENT || ((int32)(q)-NPROC) % 2 != 0)

/*
 * The processes that are ready, the first to run first, keys are priorities: what is so at the moment at which
 * `readylist` is evaluated. The running process is not among them, as in Xinu. Nor are processes which a program has in
 * a queue of its own.
 */
#define readylist (xinu_readylist())

#ifdef __cplusplus
extern "C" {
#endif

extern struct qentry queuetab[]; /* NQENT entries */

qid16 xinu_readylist(void);

/*
 * These do not change a view: there they return SYSERR, as for what is no queue or no process. A process that is in
 * another queue leaves it.
 */
qid16 newqueue(void);                                /* the id of a new, empty queue; SYSERR if all are in use */
pid32 enqueue(pid32 pid, qid16 queue);               /* at the tail; returns pid */
pid32 dequeue(qid16 queue);                          /* the first process, which it removes; EMPTY if there is none */
status insert(pid32 pid, qid16 queue, int32 key);    /* behind those with this key or a larger one */
status insertd(pid32 pid, qid16 queue, int32 delta); /* keys are differences, as in a queue of sleepers */
pid32 getfirst(qid16 queue);                         /* as dequeue() */
pid32 getlast(qid16 queue);                          /* the last process, which it removes; EMPTY if there is none */
pid32 getitem(pid32 pid);                            /* removes the process from its queue; returns pid */

#ifdef __cplusplus
}
#endif

#endif
