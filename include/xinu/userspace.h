/*
 * userspace.h - the address space of a ring-3 process, for kernel and programs, C, C++ and assembly
 *
 *     0x40000000   program: text, constants, data, bss; then the heap, which sbrk() resizes
 *     0xBEFFF000   end of the stack; an unmapped guard page lies below it
 *     0xBF000000   the window: a part of the process table, read-only
 *     0xBFFFF000   the return page: cbfmanager, executable, read-only
 */
#ifndef XINU_USERSPACE_H
#define XINU_USERSPACE_H

#define USER_BEGIN 0x40000000
#define USER_HEAP_END 0xB0000000
#define USER_STACK_END 0xBEFFF000
#define USER_STACK_BYTES 0x10000
#define USER_WINDOW 0xBF000000
#define USER_WINDOW_TABLE (USER_WINDOW + 0x1000)
#define USER_CBFMANAGER 0xBFFFF000
#define USER_END 0xC0000000

/* Capabilities of a ring-3 process: rights that affect others. Set at creation, never gained later. */
#define CAP_PORTS 1    /* ioperm() */
#define CAP_KILL 2     /* kill() of processes that it did not create itself */
#define CAP_PRIORITY 4 /* chprio() above its own priority */
#define CAP_POWER 8    /* halt() */
#define CAP_ALL 15

#ifndef __ASSEMBLER__

#include <xinu/config.h>
#include <xinu/types.h>

/* The first page of the window. */
struct windowheader {
    volatile uint32 msec;    /* clkcountermsec */
    volatile uint32 seconds; /* clktime */
    volatile pid32 current;  /* currpid */
    volatile int32 count;    /* prcount */
    uint32 has_sysenter;     /* 1: the CPU has sysenter */
};

/* From USER_WINDOW_TABLE on: NPROC of these, with the fields of the same names in the kernel's table. */
struct publicentry {
    volatile uint16 prstate;
    volatile pri16 prprio;
    volatile pid32 prparent;
    volatile uint16 prring; /* 0 or 3 */
    volatile uint16 pretype;
    volatile uint16 pralarmreg;
    volatile uint16 prmsgreg;
    volatile uint32 pralarmtime;
    void (*volatile prcbf1)(void);
    void (*volatile prcbf2)(void);
    char prname[PNMLEN];
};

/* The request that spawn() takes. */
struct spawnrequest {
    const char *name;    /* of a program in the image */
    int32 priority;      /* 1 to 32767; above the caller's own only with CAP_PRIORITY */
    uint32 capabilities; /* of the new process; those that the caller lacks are left out */
    uint32 argc;
    char *const *argv;

    /*
     * Limits for the new process and its descendants together: pages of 4096 bytes, and entries of the process table,
     * including its own. They are charged to the account of the caller's family until the last process of the new
     * family has ended. Both 0: no account of their own, they share the caller's.
     */
    uint32 pages;
    uint32 processes;
};

#endif
#endif
