/*
 * prototypes.h - the calls for processes, under Xinu's names
 *
 * Unless stated otherwise a call returns OK (1), or SYSERR (-1), with nothing changed, if an argument is out of range
 * or names no object. "Blocks" means that other processes run until the event occurs.
 */
#ifndef XINU_PROTOTYPES_H
#define XINU_PROTOTYPES_H

#include <xinu/clock.h>
#include <xinu/process.h>
#include <xinu/text.h>
#include <xinu/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XINU_NORETURN __attribute__((noreturn))

/* ---- processes (system/create.cpp, system/process.cpp) ---- */

/*
 * Creates a suspended process that will call funcaddr(nargs words...). ssize: stack in bytes, rounded up to whole
 * pages. Returns its id. SYSERR: funcaddr or name NULL, priority < 1, no memory, no free entry, arguments that do not
 * fit.
 */
pid32 create(void *funcaddr, uint32 ssize, pri16 priority, XINU_TEXT *name, uint32 nargs, ...);

/*
 * Creates a suspended process in ring 3, with an address space of its own, that will run a program of the image:
 * main(argc, argv) with the strings that follow argc, at most 64 and 2048 bytes in all. It has no capabilities; with
 * upcreatecap() and upcreatelim() those given (CAP_... of <xinu/userspace.h>). It and its descendants together can have
 * half of the memory and half of the process table; with upcreatelim() `pages` pages of 4096 bytes and `processes`
 * entries, including its own. Pages are those of ring 3, of the tables that map them, and of kernel stacks. Requests
 * beyond these limits give SYSERR. Returns its id. SYSERR: no such program, priority < 1, no memory, no free entry,
 * more than the limits, arguments that do not fit, an invalid program file (the reason is printed).
 */
pid32 upcreate(const char *name, pri16 priority, uint32 argc, ...);
pid32 upcreatev(const char *name, pri16 priority, uint32 argc, const char *const argv[]); /* upcreate() */
pid32 upcreatecap(const char *name, pri16 priority, uint32 capabilities, uint32 argc, ...);
pid32 upcreatelim(const char *name, pri16 priority, uint32 capabilities, uint32 pages, uint32 processes, uint32 argc,
                  ...);

pri16 resume(pid32 pid);    /* suspended -> ready; returns the priority */
syscall suspend(pid32 pid); /* current or ready -> suspended; returns the priority */
syscall kill(pid32 pid);    /* ends a process; its id is sent to its parent as a message */
#ifdef __cplusplus
XINU_NORETURN void exit(int code = 0) noexcept; /* ends the calling process; the code is not kept */
#else
void exit(); /* the same; Xinu's programs call exit(), others exit(0) */
#endif
void userret(void);         /* return address of a process's first function: ends the process */
pid32 getpid(void);         /* the caller's id */
syscall getprio(pid32 pid); /* a process's priority */

/*
 * Sets it, 0 to 32767; returns the old one. As in Xinu, no process is moved in the ready queue: it takes effect when
 * the process becomes ready the next time; for the caller, at its next resched(), or at the end of its time slice.
 */
pri16 chprio(pid32 pid, pri16 newprio);

syscall yield(void);     /* lets processes of the same priority run */
void resched(void);      /* switches to the first process of the highest priority */
status ready(pid32 pid); /* makes a process that is in no queue ready (PR_SUSP, PR_RECV, after unsleep) */

/* ---- time (system/sleep.cpp, kernel/sched/clock.cpp) ---- */

syscall sleep(int32 seconds); /* blocks; 0 to MAXSECONDS */
syscall sleepms(int32 msec);  /* blocks; 0 yields */
syscall unsleep(pid32 pid);   /* removes a process from the sleep queue; it is then in no queue */
void wakeup(void);            /* makes the processes ready whose sleep is over */
uint64 getticks(void);        /* the CPU's time stamp counter */

/* ---- semaphores (system/semaphore.cpp) ---- */

sid32 semcreate(int32 count);             /* count >= 0; returns the id */
syscall semdelete(sid32 sem);             /* makes all waiting processes ready */
syscall wait(sid32 sem);                  /* decrements the count; blocks if it is then negative */
syscall signal(sid32 sem);                /* increments the count; makes one waiting process ready */
syscall signaln(sid32 sem, int32 count);  /* signal, count times at once; count >= 0 */
syscall semreset(sid32 sem, int32 count); /* makes all waiting processes ready; sets the count, >= 0 */
syscall semcount(sid32 sem);              /* the count; if negative: minus the number of waiting processes */

/* ---- messages (system/message.cpp): one word each, a mailbox for one message per process ---- */

syscall send(pid32 pid, umsg32 msg); /* SYSERR also while an earlier message has not been received */
umsg32 receive(void);                /* blocks for a message */
umsg32 recvclr(void);                /* the message, or OK if there is none */
umsg32 recvtime(int32 maxwait);      /* blocks at most maxwait msec, then TIMEOUT; SYSERR: maxwait < 0 */

/* ---- event callbacks (system/callback.cpp) ---- */

/*
 * Registers cbf to run once, in the caller's context, when the event occurs. etype CB_ALARM: val msec from now, 0 to
 * 5000; CB_MESSAGE: at the next message (val is ignored). Returns 0. SYSERR: etype or val out of range, cbf outside the
 * text segment, the same event already outstanding.
 */
syscall cbsignal(uint16 etype, void (*cbf)(void), uint32 val);
syscall dreamvac(void (*vacation)(void)); /* the next return of sleepms() goes through vacation; NULL cancels that */

/* ---- memory (system/memory.cpp) ---- */

char *getmem(uint32 nbytes);                 /* a block, 8-byte aligned, or (char *)SYSERR */
syscall freemem(char *block, uint32 nbytes); /* a block from getmem, with the same size */
char *getstk(uint32 nbytes);                 /* the highest word of a new stack, or (char *)SYSERR */
syscall freestk(char *top, uint32 nbytes);   /* a stack from getstk, with the same size */

/* ---- interrupts (system/interrupts.cpp) ---- */

intmask disable(void);      /* masks interrupts; returns the previous state, for restore() */
void restore(intmask mask); /* restores that state */
void enable(void);          /* unmasks interrupts */

/* ---- console (system/console.cpp) ---- */

int kprintf(XINU_TEXT *fmt, ...) __attribute__((format(printf, 1, 2)));
int printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
syscall kputc(byte c);
syscall kgetc(void); /* blocks for a typed character; EOF (-2) for Ctrl-D */
int putchar(int c);
int getchar(void);

/* ---- the shell (shell/): see <xinu/shell.h> ---- */

process shell(did32 device); /* reads commands from this device until `exit` or the end of the data */

/*
 * Divides a line into tokens: their texts, each with a NUL, go to tokbuf; tok[i] is where token i begins there, and
 * toktyp[i] its kind. Stores in *tlen how many bytes of tokbuf are used. Blanks separate tokens, and do not within
 * quotation marks, which are left out. Returns the number of tokens. SYSERR: more than SHELL_MAXTOK, or a quotation
 * mark without its partner.
 */
int32 lexan(char *line, int32 len, char *tokbuf, int32 *tlen, int32 tok[], int32 toktyp[]);

/*
 * Gives a suspended process its arguments: copies them to the lowest bytes of its stack, which it reaches last, and
 * replaces the word of value `dummy` among its arguments by the address of args[]. SYSERR: no such word, no room.
 */
status addargs(pid32 pid, int32 ntok, int32 tok[], int32 tlen, char *tokbuf, void *dummy);

/* ---- what Xinu has and this kernel has not (system/absent.cpp) ---- */

syscall netstart(void); /* says that there is no network. SYSERR */

/* ---- debugging (system/symbols.cpp, system/check.cpp) ---- */

/* The name of the function that contains this address, and the offset from its beginning; NULL if the address
 * is not in code. */
const char *funcname(uint32 address, uint32 *offset);

/* One function after the other: its name and address, for an index that is 0 at first; NULL behind the last one. */
const char *funcnext(uint32 *index, uint32 *address);

/*
 * Prints every word of a process's stack from its ESP up: address, value, what it is. For a ring-3 process, prints both
 * stacks; for the caller itself, starts at the caller's own frame. No other process runs meanwhile.
 */
syscall stackshow(pid32 pid);
syscall stacktrace(pid32 pid); /* Xinu's name for it */

/*
 * The same, with the earlier values of the words from `from` on: before[0] ... before[count - 1]. Each line has the
 * word as it was and as it is, and a `*` if they differ. SYSERR also if any of these words is not in writable memory.
 */
syscall stackcompare(pid32 pid, const void *from, const uint32 *before, uint32 count);

/*
 * Copies the end of what kprintf() and the kernel's own reports have printed since the machine was started, at most
 * `bytes`; 16384 are kept. Returns how many. What printf() and the like print is not in it.
 */
uint32 klog(char *buffer, uint32 bytes);

const char *kcheck(void); /* NULL if the kernel's tables agree with each other, else the error; slow */
uint32 freepages(void);   /* free pages of memory, after releasing everything that ended processes own */

/* ---- shutdown (system/shutdown.cpp) ---- */

XINU_NORETURN void panic(XINU_TEXT *message); /* reports and stops the machine */
XINU_NORETURN void xdone(void);               /* all processes have completed: powers off */
XINU_NORETURN void halt(void);                /* powers off at once */

/* The bounds of the image, from the linker: take their addresses. */
extern int text, etext, data, edata, bss, ebss, end;

#ifdef __cplusplus
}
#endif

#endif
