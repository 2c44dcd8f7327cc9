/*
 * switch.h - what the checks of the switch lab share
 */
#ifndef SWITCH_H
#define SWITCH_H

#include <observe.h>
#include <xinu/saved_stack.h>

#define me (&proctab[currpid])
#define STACK 8192
#define PRIORITY_ABOVE (INITPRIO + 10)

#define FLAGS_ARITHMETIC 0x8d5 /* CF PF AF ZF SF OF */
#define FLAGS_IF 0x200
#define FLAGS_DF 0x400
#define FLAGS_FIXED 2

/* The kernel's own, under test: see arch/x86/entry/ctxsw.S. */
void ctxsw(char **old, char **new);

/* The registers as pushal stores them, lowest address first, and EFLAGS. */
struct registers {
    uint32 edi, esi, ebp, esp, ebx, edx, ecx, eax, flags;
};

/* Two stacks of our own, between which ctxsw() switches: that of the check, and one below `other_top`. */
extern char *own_stack, *other_stack;

/*
 * Gives `other_stack` 11 words in the layout of <xinu/saved_stack.h>, whose return address is that function. It has
 * nowhere to return to: it ends by ctxsw(&other_stack, &own_stack).
 */
void prepare_other(void (*function)(void), uint32 flags);

/* Loads all registers but ESP from `loaded`, calls ctxsw(&own_stack, &other_stack), and stores all in `stored`. */
extern struct registers loaded, stored;
void across(void);

/* Stores all registers in `stored_there`, and is back in across(): a function for prepare_other(). */
extern struct registers stored_there;
void there(void);

/* Numbers of this student's for `loaded`. */
void load_numbers(uint32 flags);

#endif
