/* process.h - the process table, as course code sees it */
#ifndef XINU_PROCESS_H
#define XINU_PROCESS_H

#include <xinu/config.h>
#include <xinu/states.h>
#include <xinu/types.h>

#define NDESC 5                         /* descriptors of a process */
#define INITRET userret                 /* a process's first function returns here */
#define STACKMAGIC ((uint32)0x0A0AAAA9) /* stored at prstkbase, the highest word of a stack */

/*
 * The state of a process's detours besides the registered callbacks. Private to kernel/detour/detour.cpp; course code
 * may read it to see how detours work.
 */
struct detourstate {
    uint16 running;    /* kinds (CB_ALARM | CB_MESSAGE) claimed by a detour whose callback has not returned */
    uint16 arrived;    /* 1: the message event occurred, and its callback has not run yet */
    callback vacation; /* set by dreamvac(); the next return of sleepms() consumes it */
    uint32 *slot;      /* the rewritten return address of sleepms() on the stack, or NULL */
    uint32 *sleeping;  /* address of the return address of its latest sleepms(), for send() */
    uint32 original;   /* the return address that was there, to which the detour returns in the end; kept also
                          when other code has overwritten the word (slot is then NULL); 0: none */
};

/* Its size is a power of two: an id becomes an address by a shift. */
struct procent {
    uint16 prstate;      /* PR_FREE ... PR_LOCK */
    pri16 prprio;        /* priority, 1 to 32767; chprio() changes it. A value written here takes effect the next
                        time that the process is made ready; less than 1 counts as 1 */
    char *prstkptr;      /* saved stack pointer while switched out: see the frozen layout in saved_stack.h */
    char *prstkbase;     /* address of the stack's highest word, which holds STACKMAGIC */
    uint32 prstklen;     /* bytes of the stack, as requested; it has whole pages, and a guard page is below them */
    char prname[PNMLEN]; /* name, NUL-terminated */
    sid32 prsem;         /* semaphore waited for, while PR_WAIT */
    pid32 prparent;      /* the process that created this one */
    umsg32 prmsg;        /* the message, if prhasmsg */
    bool8 prhasmsg;      /* 1 while prmsg holds a message not yet received */

    /* Event callbacks. At any time pretype == pralarmreg + 2 * prmsgreg. */
    uint16 pretype;     /* 0 none, 1 alarm, 2 message, 3 both outstanding */
    uint16 pralarmreg;  /* 1 while an alarm is outstanding */
    uint32 pralarmtime; /* clkcountermsec at which it is due */
    callback prcbf1;    /* alarm callback */
    uint16 prmsgreg;    /* 1 while a message callback is outstanding */
    callback prcbf2;    /* message callback */

    uint16 prring;  /* 0: in the kernel's address space; 3: in one of its own, see <xinu/userspace.h> */
    uint16 prfloat; /* 1 once it has executed a floating-point instruction */
    struct detourstate prdetour;
    uint32 prbirth;       /* serial number of this process: table entries are reused */
    uint32 prparentbirth; /* prbirth of the parent: tells whether prparent is still the same process */
    int8 prdesc[NDESC];   /* devices: stdin, stdout, stderr, and others; at first those of the parent */
    union {               /* CPU time in msec, if the program uses one of the course terms' names for it */
        uint32 prcputime;
        uint32 prcpuused, prgrosscpu, prcpumsec, runtime;
    };
} __attribute__((aligned(128)));

#ifdef __cplusplus
extern "C" {
#endif

extern struct procent proctab[]; /* NPROC entries */
extern int32 prcount;            /* number of processes, including the null process */
extern pid32 currpid;            /* the process that is running */

#ifdef __cplusplus
}
#endif

#endif
