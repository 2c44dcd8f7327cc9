/*
 * stackroom.h - how much of a ring-0 process's stack the kernel takes for itself, in bytes: for C, C++ and
 * assembly
 *
 * An interrupt works on the stack of the process that it interrupts, and so does a callback. The second
 * number must hold the first and what the CPU pushes, or a callback could not be interrupted.
 */
#ifndef XINU_STACKROOM_H
#define XINU_STACKROOM_H

/*
 * Below the ESP at which an interrupt has arrived. Entry code touches the word that far down before it does
 * anything else: if it lies in the guard page, the process is ended while the kernel's state is still whole.
 * tools/check/stack_depth.py computes what is really used.
 */
#define INTERRUPT_STACK_ROOM 448

/* Below the frames of a detour, when its callback begins (R21 of docs/callbacks.md); in ring 3, too. */
#define CALLBACK_STACK_ROOM 512

#endif
