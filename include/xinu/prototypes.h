/*
 * prototypes.h - what a process may call, under Xinu's names
 *
 * Unless said otherwise a call answers OK (1), or SYSERR (-1) when an argument is out of range or names
 * nothing; then nothing has changed. "Blocks" means that other processes run until the event comes.
 */
#ifndef XINU_PROTOTYPES_H
#define XINU_PROTOTYPES_H

#include <xinu/process.h>
#include <xinu/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XINU_NORETURN __attribute__((noreturn))

/* ---- processes (system/create.cpp, system/process.cpp) ---- */

/*
 * Makes a suspended process that will call funcaddr(nargs words...). ssize: stack in bytes, rounded up to
 * whole pages. Answers its id. SYSERR: funcaddr or name NULL, priority < 1, no memory, no free entry,
 * arguments that do not fit.
 */
pid32 create(void *funcaddr, uint32 ssize, pri16 priority, const char *name, uint32 nargs, ...);

/*
 * Makes a suspended process in ring 3, with an address space of its own, that will run a program of the
 * image: main(argc, argv) with the strings that follow argc, at most 64 and 2048 bytes in all. It has no
 * capabilities; with upcreatecap() and upcreatelim() those given (CAP_... of <xinu/userspace.h>). It and its
 * descendants together can have half of the memory and half of the process table; with upcreatelim() `pages`
 * pages of 4096 bytes and `processes` entries, itself included. Pages are those of ring 3, of the tables that
 * map them, and of kernel stacks. What would be more gives them SYSERR. Answers its
 * id. SYSERR: no such program, priority < 1, no memory, no free entry, more than the limits, arguments that
 * do not fit, a program file that is not sound (the reason is printed).
 */
pid32 upcreate(const char *name, pri16 priority, uint32 argc, ...);
pid32 upcreatecap(const char *name, pri16 priority, uint32 capabilities, uint32 argc, ...);
pid32 upcreatelim(const char *name, pri16 priority, uint32 capabilities, uint32 pages, uint32 processes,
                  uint32 argc, ...);

pri16 resume(pid32 pid);    /* suspended -> ready; answers the priority */
syscall suspend(pid32 pid); /* current or ready -> suspended; answers the priority */
syscall kill(pid32 pid);    /* ends a process; its id is sent to its parent as a message */
#ifdef __cplusplus
XINU_NORETURN void exit(int code = 0) noexcept; /* ends the calling process; the code is not kept */
#else
void exit(); /* the same; Xinu's programs say exit(), others exit(0) */
#endif
void userret(void);                     /* where a process's first function returns to: ends the process */
pid32 getpid(void);                     /* the caller's id */
syscall getprio(pid32 pid);             /* a process's priority */
pri16 chprio(pid32 pid, pri16 newprio); /* sets it (1 to 32767); answers the old one */
syscall yield(void);                    /* lets processes of the same priority run */
void resched(void);                     /* gives the processor to the first of the highest priority */
status ready(pid32 pid); /* makes a process eligible that is in no queue (PR_SUSP, PR_RECV, after unsleep) */

/* ---- time (system/sleep.cpp, kernel/sched/clock.cpp) ---- */

syscall sleep(int32 seconds); /* blocks; 0 to MAXSECONDS */
syscall sleepms(int32 msec);  /* blocks; 0 yields */
syscall unsleep(pid32 pid);   /* takes a process out of the sleep queue; it is then in no queue */
void wakeup(void);            /* makes ready whoever has slept long enough */
uint64 getticks(void);        /* the CPU's time stamp counter */

extern volatile uint32 clkcountermsec; /* msec since boot; wraps after 49.7 days */
extern volatile uint32 clktime;        /* seconds since boot */

/* ---- semaphores (system/semaphore.cpp) ---- */

sid32 semcreate(int32 count);             /* count >= 0; answers the id */
syscall semdelete(sid32 sem);             /* those who wait go on */
syscall wait(sid32 sem);                  /* blocks while the count is not above 0 */
syscall signal(sid32 sem);                /* lets one go on */
syscall signaln(sid32 sem, int32 count);  /* signal, count times at once; count >= 0 */
syscall semreset(sid32 sem, int32 count); /* those who wait go on; then count >= 0 */
syscall semcount(sid32 sem);              /* the count; below 0: how many wait */

/* ---- messages (system/message.cpp): one word, one place for it per process ---- */

syscall send(pid32 pid, umsg32 msg); /* SYSERR also while an earlier message is still there */
umsg32 receive(void);                /* blocks for a message */
umsg32 recvclr(void);                /* the message, or OK when there is none */
umsg32 recvtime(int32 maxwait);      /* blocks maxwait msec at most, then TIMEOUT; SYSERR: maxwait < 0 */

/* ---- event callbacks (system/callback.cpp) ---- */

/*
 * Has cbf run once, in the caller's context, when the event occurs. etype CB_ALARM: val msec from now, 0 to
 * 5000; CB_MESSAGE: at the next message (val is ignored). Answers 0. SYSERR: etype or val out of range, cbf
 * outside the text segment, the same event already outstanding.
 */
syscall cbsignal(uint16 etype, void (*cbf)(void), uint32 val);
syscall
dreamvac(void (*vacation)(void)); /* the next return of sleepms() goes through vacation; NULL takes it back */

/* ---- memory (system/memory.cpp) ---- */

char *getmem(uint32 nbytes);                 /* a block, 8-byte aligned, or (char *)SYSERR */
syscall freemem(char *block, uint32 nbytes); /* what getmem gave, with the same size */
char *getstk(uint32 nbytes);                 /* a stack, by its highest word, or (char *)SYSERR */
syscall freestk(char *top, uint32 nbytes);   /* what getstk gave, with the same size */

/* ---- interrupts (system/interrupts.cpp) ---- */

intmask disable(void);      /* masks interrupts; answers what restore() takes */
void restore(intmask mask); /* back to what they were */
void enable(void);          /* interrupts on */

/* ---- console (system/console.cpp) ---- */

int kprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
syscall kputc(byte c);
syscall kgetc(void); /* blocks for a typed character; EOF (-2) for Ctrl-D */
int putchar(int c);
int getchar(void);

/* ---- debugging (system/symbols.cpp, system/check.cpp) ---- */

/* The name of the function that holds this code address, and how far behind its beginning; NULL if it is no
 * code. */
const char *funcname(uint32 address, uint32 *offset);

/*
 * Prints every word of a process's stack from its ESP up: address, value, what it is. Of a ring-3 process,
 * both its stacks. Of the caller itself, from the caller's own frame on. Interrupts are masked meanwhile.
 */
syscall stackshow(pid32 pid);

/*
 * The same, with what the words from `from` on were earlier: before[0] ... before[count - 1]. Each line has
 * the word as it was and as it is, and a `*` if that is not the same. SYSERR, too, if not all of these words
 * are in memory that can be written.
 */
syscall stackcompare(pid32 pid, const void *from, const uint32 *before, uint32 count);

const char *kcheck(void); /* NULL if the kernel's tables agree with each other, else what is wrong; slow */
uint32 freepages(void);   /* pages of memory that belong to nobody, once all that has ended is given back */

/* ---- the end (system/shutdown.cpp) ---- */

XINU_NORETURN void panic(const char *message); /* reports and stops the machine */
XINU_NORETURN void xdone(void);                /* all processes have completed: powers off */
XINU_NORETURN void halt(void);                 /* powers off at once */

/* The bounds of the image, from the linker: take their addresses. */
extern int text, etext, data, edata, bss, ebss, end;

#ifdef __cplusplus
}
#endif

#endif
