/*
 * courses.h - calls of other course terms, as layers over this kernel's own (docs/courses.md)
 *
 * Programs that call them need not include this: <xinu.h> has the constants (<xinu/courses/names.h>), C finds
 * undeclared functions, and the image gets those that are called. It is for new programs, and for C++.
 */
#ifndef XINU_COURSES_H
#define XINU_COURSES_H

#include <xinu/courses/locks.h>
#include <xinu/courses/names.h>
#include <xinu/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * ---- events (system/courses/callbacks.cpp) ----
 *
 * The handler runs in the context of the process, as a callback of cbsignal() does; its result is not used. That for
 * messages runs once for each message that arrives while the process is not blocked for one, and stays registered. It
 * should receive the message; if it does not, no other message arrives. A new registration takes the place of the old
 * one. That for a child runs once for each child that ends, and stays registered. The others run once. All return OK.
 * SYSERR: the handler is not code, no such signal, a time of 0 where there must be one, an event of this kind that
 * the program registered with cbsignal(), more than 8 alarms.
 */
typedef int (*course_handler)(void);

syscall registercb(course_handler handler); /* at messages */
/* MYSIGRECV: at messages. MYSIGALRM: in msec; 0: when alarmms() says. MYSIGXCPU: after msec of CPU time. */
syscall registercbsig(uint16 signal, course_handler handler, uint32 msec);
syscall alarmms(uint32 msec); /* sets the alarm of the registered handler; SYSERR: there is none */
syscall signalreg(uint16 signal, course_handler handler, uint32 msec); /* the same: SIGRECV, SIGALRM, SIGXCPU */
syscall xalarm(uint32 msec);

syscall regcallback(course_handler handler); /* at messages */
/* XINUSIGRCV: at messages. XINUSIGXTIME: in msec. XINUSIGCHLD: when a child has ended. */
syscall regcallbacksig(course_handler handler, uint16 signal, uint32 msec);

/* These return SYSERR if the process has such a handler already. */
syscall cbreg(course_handler handler);                                /* at messages */
syscall sigcbreg(uint16 signal, course_handler handler, uint32 msec); /* XSIGRCV, XSIGCHL; XSIGXTM: in msec */
syscall sigcbunreg(uint16 signal);                                    /* takes it back. SYSERR: there is none */
syscall cbchildregister(course_handler handler);                      /* when a child has ended */

syscall xsigaction(uint16 signal, course_handler handler, uint32 msec); /* XSIGIPC: at messages. XSIGALRM: in msec */
syscall alarmx(uint32 msec, course_handler handler); /* in msec; at most two at a time. The order may be the other */

/* At messages; the message is received and stored in *buffer before the handler runs. */
syscall registerrecv(umsg32 *buffer, course_handler handler);
syscall cbregister(course_handler handler, umsg32 *buffer); /* SYSERR also if the process has such a handler */
syscall cbunregister(void);

/*
 * ---- messages: a send that waits (system/courses/senders.cpp) ----
 *
 * As send(), but while the receiver has a message that it has not received, the caller blocks; several go on in the
 * order in which they came. With maxwait, 1 or more, it blocks at most so many msec, and then returns TIMEOUT.
 * SYSERR: no such process, or it ends meanwhile; maxwait < 0; the receiver has a message, and is the caller itself or
 * in ring 3.
 */
syscall sendb(pid32 pid, umsg32 msg);
syscall sendblk(pid32 pid, umsg32 msg);
syscall bsend(pid32 pid, umsg32 msg);
syscall sendbt(pid32 pid, umsg32 msg, int32 maxwait);
umsg32 receiveb(void); /* receive() */

/*
 * ---- messages: a queue at each process, apart from its mailbox (system/courses/message_queues.cpp) ----
 */
syscall sendMsg(pid32 pid, umsg32 msg); /* does not block. SYSERR: no such process, its queue is full */
uint32 sendMsgs(pid32 pid, const umsg32 *msgs, uint32 count); /* returns how many found room; SYSERR: no such process */
uint32 sendnMsg(uint32 count, const pid32 *pids, umsg32 msg); /* to each of these; returns to how many */
umsg32 receiveMsg(void);                                      /* the oldest message; blocks for one */
/* The oldest messages, when there are so many; blocks until then. SYSERR: count > MSG_QUEUE_SIZE, msgs NULL. */
syscall receiveMsgs(umsg32 *msgs, uint32 count);

/*
 * ---- pipes of bytes (system/courses/pipes.cpp) ----
 *
 * A pipe belongs to the process that creates it, which alone connects, disconnects and deletes it, and ends with it.
 * Which end writes and which reads is decided by the first that does either. SYSERR: no such pipe, not its owner or
 * end, not in the state for it, a NULL buffer.
 */
pipid32 pipcreate(void);                                  /* returns its id; SYSERR: there are NPIPE */
syscall pipconnect(pipid32 pipe, pid32 end1, pid32 end2); /* two processes */
syscall pipdisconnect(pipid32 pipe);                      /* what is in it is lost */
syscall pipdelete(pipid32 pipe);
/* Blocks until all bytes are in the pipe. Returns their number; fewer, or SYSERR, if the reader ends. */
syscall pipwrite(pipid32 pipe, const char *buffer, uint32 length);
/* Blocks while the pipe is empty. Returns the number of bytes, at most length; SYSERR also if the writer has ended and
 * nothing is left. */
syscall pipread(pipid32 pipe, char *buffer, uint32 length);

/*
 * ---- locks by address (system/courses/mutexes.cpp) ----
 *
 * A lock is initialized once. Those that wait get it in the order in which they came. A process that ends keeps what
 * it holds. SYSERR: not initialized, more than NMUTEXES; unlock: the caller does not hold it.
 */
syscall initlock(lock_t *lock);
syscall unlock(lock_t *lock);         /* lock() is below */
syscall al_initlock(al_lock_t *lock); /* prints lock_detected=P3-P4 when processes come to wait for each other */
syscall al_lock(al_lock_t *lock);
syscall al_unlock(al_lock_t *lock);
bool8 al_trylock(al_lock_t *lock);    /* TRUE: the caller has it now */
syscall pi_initlock(pi_lock_t *lock); /* who holds it runs at the highest priority of those that wait for it; prints */
syscall pi_lock(pi_lock_t *lock);     /* priority_change=P4::10-30 at each change */
syscall pi_unlock(pi_lock_t *lock);
syscall sl_initlock(sl_lock_t *lock); /* does not wait, but tries again and again */
syscall sl_lock(sl_lock_t *lock);
syscall sl_unlock(sl_lock_t *lock);
uint32 test_and_set(uint32 *word, uint32 value); /* stores the value, and returns the old one, in one step */

/*
 * ---- locks by descriptor, for readers and writers (system/courses/reader_locks.cpp) ----
 *
 * Many readers or one writer hold a lock. When it is free again, it goes to the waiting process with the highest
 * priority of waiting, and of equal ones to that which came first; but a writer comes before a reader that has waited
 * at most 400 msec longer. With a reader, and later too, come all whose priority is higher than that of each
 * waiting writer. A process that ends gives up what it holds.
 */
int32 lcreate(void);                  /* returns the descriptor, 0 to NRWLOCKS - 1; SYSERR: there is none left */
syscall ldelete(int32 lock);          /* those that wait get DELETED */
syscall releaseall(int32 count, ...); /* gives up so many locks; SYSERR: one of them is not held by the caller */

/*
 * lock(descriptor, READ or WRITE, priority): waits for it. SYSERR: no such lock, another type, the caller holds it.
 * lock(&lock): waits for a lock by address.
 */
#ifdef __cplusplus
syscall lock(uint32 lock, int32 type, int32 priority);
extern "C++" inline syscall lock(lock_t *lock)
{
    return ::lock(reinterpret_cast<uint32>(lock), 0, 0);
}
#else
syscall lock();
#endif

/* ---- the ends of children (system/courses/children.cpp) ---- */

/*
 * Blocks until a child of the caller has ended, unless one has already. Returns its id, each child once. SYSERR: the
 * caller has no child.
 */
pid32 childwait(void);
pid32 waitchld(void);

/* The same for the child pid; with nonblocking, SYSERR also if it has not ended. */
pid32 xchildwait(uint16 nonblocking, pid32 pid);

/*
 * ---- memory (system/courses/memory.cpp); all memory of a process is freed when it ends ----
 */

/* A block at a multiple of alignment, a power of two. freemem() frees it, if the alignment is at most 2048, or 4096 and
 * nbytes more than 1024; else it is freed with the process. (char *)SYSERR: no memory, nbytes 0, another alignment. */
char *aligned_getmem(uint32 nbytes, uint32 alignment);
char *getmem_r(uint32 nbytes); /* getmem() and freemem(), counted */
syscall freemem_r(char *block, uint32 nbytes);
char *getmemgb(uint32 nbytes);
syscall freememgb(char *block, uint32 nbytes);
syscall r_mem_allocated(pid32 pid, uint32 *bytes); /* what the process has by getmem_r(), getmemgb() */

/* ---- by a trap in some terms (system/courses/wrappers.cpp) ---- */

pid32 wgetpid(void); /* getpid() */
pid32 getpidtrap(void);
syscall wgetprio(pid32 pid); /* getprio() */
pid32 wgetppid(pid32 pid);   /* the parent of a process */
pid32 getppidtrap(pid32 pid);
pri16 chpriotrap(pid32 pid, pri16 priority); /* chprio() */
long host2net(long number);                  /* htonl(), written in different ways: here all the same */
long host2neta(long number);
long host2netca(long number);

/* ---- time (system/courses/cpu_time.cpp) ---- */

uint32 procgrosscpu(pid32 pid);      /* CPU time in msec, counted in ticks: proctab[pid].prgrosscpu */
uint32 getcputot(pid32 pid);         /* the same */
uint32 procgrosscpumicro(pid32 pid); /* the same in microseconds */
uint32 gettmslice(void);             /* what the caller has left of its time slice, in msec */

#ifdef __cplusplus
}
#endif

#endif
