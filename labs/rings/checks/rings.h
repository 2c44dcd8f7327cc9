/*
 * rings.h - what the checks of the rings lab share: programs of ring 3, and what becomes of them
 *
 * The programs are in ../ring3. They are told what to do by their arguments, and send what they find.
 */
#ifndef RINGS_H
#define RINGS_H

#include <timing.h>
#include <xinu/saved_stack.h>
#include <xinu/systemcalls.h>
#include <xinu/userspace.h>

#define PAGE 4096
#define GOES_ON 1000000 /* the last message of a program, if it comes to its end */

/*
 * Creates a process for this program, above the caller's priority, so that it runs first: its arguments are its name,
 * the caller's id, `what`, and the two numbers. Returns its id, or SYSERR.
 */
pid32 prepare_program(const char *program, const char *what, uint32 first, uint32 second);

/* The same with these capabilities (CAP_...). */
pid32 prepare_with(uint32 capabilities, const char *program, const char *what, uint32 first, uint32 second);

/* prepare_program(), and the process runs. */
pid32 run_program(const char *program, const char *what, uint32 first, uint32 second);

/* The next message. If none comes for a while, TIMEOUT. */
umsg32 hear(void);

/* "yes" if it is 1, else "no". */
const char *hear_yes(void);

/* Waits until a program has said that it goes on; not for ever. */
void await_end_of_program(void);

/* Resumes a program, and says what becomes of it: "goes on" or "is ended". `ending` is for one without capabilities. */
const char *ending_of(pid32 pid);
const char *ending(const char *program, const char *what, uint32 first, uint32 second);

/* "yes" or "no". */
const char *yes(int is_true);

/* The next number of a sequence: Numerical Recipes, 7.1. */
uint32 next(uint32 number);

/* Words of a report may be NULL. */
const char *words(const char *text);

#endif
