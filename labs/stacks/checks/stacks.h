/*
 * stacks.h - what students write in the stacks lab, what they are given for it, and what the checks share
 */
#ifndef STACKS_H
#define STACKS_H

#include <xinu.h>

/*
 * Whether the process is in the kernel: 1 if it called the kernel and that call has not returned, 0 if it is in its own
 * code (also if it has not begun, or if the clock interrupted it there and it does not run for that reason). Code of
 * the library counts as its caller's. SYSERR: there is no such process, or its chain of saved EBPs is damaged.
 */
int inkernel(pid32 pid);

/*
 * Stores return addresses of a process, those along its saved EBPs, the innermost first, in where[0] ... where[n - 1].
 * Of the calling process, the first one is that of callers() itself. Returns how many there are, even if that is more
 * than n. SYSERR as for inkernel().
 */
int callers(pid32 pid, uint32 *where, int n);

/*
 * Locks: a process that has one keeps others out. lckcreate() returns the id of a lock that nobody holds, SYSERR if
 * there are NLOCK already. lckwait() waits until the lock is free, and takes it; if its holder has ended, it takes it
 * at once. SYSERR: there is no such lock, it was killed meanwhile, or the caller holds it already. lcksignal() gives it
 * to the process that has waited longest. SYSERR: the caller does not hold it. lckkill() removes the lock; all that
 * wait return. Returns how many processes held it or waited for it; SYSERR if there is no such lock.
 */
#define NLOCK 8
int lckcreate(void);
syscall lckwait(int lock);
syscall lcksignal(int lock);
int lckkill(int lock);

/* Whether this is the address of kernel code that is no library function. */
int iskernelcode(uint32 address);

/* Whether it is in the function of this name. */
int isin(uint32 address, const char *function);

#endif
