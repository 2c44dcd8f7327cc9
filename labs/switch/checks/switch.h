/*
 * switch.h - what the checks of the switch lab share
 */
#ifndef SWITCH_H
#define SWITCH_H

#include <timing.h>
#include <xinu/saved_stack.h>

/* The kernel's own, under test: see arch/x86/entry/ctxsw.S. */
void ctxsw(char **old, char **new);

/* Two stacks of our own, between which ctxsw() switches: that of the check, and one below `other_top`. */
extern char *own_stack, *other_stack;

/*
 * Gives `other_stack` 11 words in the layout of <xinu/saved_stack.h>, whose return address is that function. It has
 * nowhere to return to: it ends by ctxsw(&other_stack, &own_stack).
 */
void prepare_other(void (*function)(void), uint32 flags);

/* Loads all registers but ESP from `loaded`, calls ctxsw(&own_stack, &other_stack), and stores all in `stored`. */
void across(void);

/* Stores all registers in `stored_there`, and is back in across(): a function for prepare_other(). */
extern struct registers stored_there;
void there(void);

/* Numbers of this student's for `loaded`. */
void load_numbers(uint32 flags);

#endif
