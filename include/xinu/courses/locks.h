/*
 * locks.h - types and constants of course terms' locks (docs/courses.md)
 *
 * They are common names. So <xinu.h> includes this only for programs that initialize or create such a lock and define
 * no lock_t of their own: tools/build/compile_program.sh looks for that, and says so by DETOUR_LOCKS.
 */
#ifndef XINU_COURSES_LOCKS_H
#define XINU_COURSES_LOCKS_H

#include <xinu/types.h>

#define NMUTEXES 80 /* locks by address, of all kinds together */
#define NRWLOCKS 50 /* locks by descriptor */

/* A lock by address. What the kernel needs to know of it stands elsewhere: these fields are for the program. */
typedef struct xinu_lock {
    uint32 flag; /* 1: it is held */
    uint32 guard;
    pid32 owner; /* the process that holds it, or -1 */
} lock_t;

typedef lock_t al_lock_t, pi_lock_t;

typedef struct xinu_spin_lock {
    uint32 flag; /* 1: it is held */
} sl_lock_t;

/* For what a descriptor is locked, and the result when it is deleted meanwhile. */
enum {
#ifndef READ
    READ = 1,
#endif
#ifndef WRITE
    WRITE = 2,
#endif
#ifndef DELETED
    DELETED = -6
#endif
};

#endif
