/* config.h - table sizes, time slice and limits; the build may override NPROC and NSEM */
#ifndef XINU_CONFIG_H
#define XINU_CONFIG_H

#ifndef NPROC
#define NPROC 100 /* processes, including the null process; at most 16384 */
#endif
#ifndef NSEM
#define NSEM 120 /* semaphores */
#endif
#define SYSTEM_SEMAPHORES 10 /* ids below are no process's: in Xinu the system takes as many before main() begins */

#if NPROC < 4 || NPROC > 16384
#error "NPROC must lie between 4 and 16384"
#endif
#if NSEM <= SYSTEM_SEMAPHORES || NSEM > 16384
#error "NSEM must lie between 11 and 16384"
#endif

#define QUANTUM 2          /* time slice in clock ticks (msec) */
#define INITSTK 65536      /* stack of the first process, in bytes */
#define INITPRIO 20        /* priority of the first process */
#define MAXPRIO 32767      /* the highest priority */
#define MINSTK 400         /* a smaller stack request is raised to this many bytes */
#define PNMLEN 16          /* bytes of a process name, including the final NUL */
#define MAXSECONDS 2147483 /* longest sleep(), in seconds: its msec still fit an int32 */

#endif
