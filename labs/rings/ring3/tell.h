/*
 * tell.h - for the ring-3 programs of the checks: they are told what to do, and tell what they find
 *
 * argv: the program's name, the id of the process that checks, what to do, numbers. What is found goes to that process
 * by send(), which enters the kernel by sysenter: that way in is given.
 */
#ifndef TELL_H
#define TELL_H

#include <stdio.h>
#include <stdlib.h>
#include <xinu.h>

#define GOES_ON 1000000 /* as in ../checks/rings.h */

static pid32 parent = -1; /* not among the variables that are 0 */

static inline int is(const char *what, const char *name)
{
    return strcmp(what, name) == 0;
}

static inline void tell(uint32 word)
{
    while (send(parent, word) == SYSERR)
        sleepms(1);
}

/* The next number of a sequence: Numerical Recipes, 7.1. */
static inline uint32 next(uint32 number)
{
    return number * 1664525 + 1013904223;
}

#endif
