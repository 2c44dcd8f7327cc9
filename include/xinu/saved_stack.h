/* clang-format off */
/*
 * saved_stack.h - the stack of a process that is switched out ("frozen": course code reads and rewrites it).
 * For C, C++ and assembly.
 *
 *     prstkptr -> [0..7]  pushal of ctxsw: EDI ESI EBP ESP EBX EDX ECX EAX
 *                 [8]     EFLAGS
 *                 [9]     EBP of the caller of ctxsw, which is resched (first link of the chain of saved EBPs)
 *                 [10]    return address of ctxsw: into resched, or the first instruction of a new process
 */
/* clang-format on */
#ifndef XINU_SAVED_STACK_H
#define XINU_SAVED_STACK_H

#define SAVED_EDI 0
#define SAVED_ESI 1
#define SAVED_EBP 2
#define SAVED_ESP 3
#define SAVED_EBX 4
#define SAVED_EDX 5
#define SAVED_ECX 6
#define SAVED_EAX 7
#define SAVED_EFLAGS 8
#define SAVED_LINK 9
#define SAVED_RETURN 10
#define SAVED_WORDS 11

/* A frame on the chain of saved EBPs, as word offsets from EBP. */
#define FRAME_LINK 0   /* the caller's EBP */
#define FRAME_RETURN 1 /* the return address */

#endif
