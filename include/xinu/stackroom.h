/*
 * stackroom.h - the room that the kernel needs on a ring-0 process's stack, in bytes: for C, C++ and assembly
 *
 * An interrupt handler runs on the stack of the process that it interrupts, and so does a callback. The second number
 * must cover the first and the words pushed by the CPU, or a callback could not be interrupted.
 */
#ifndef XINU_STACKROOM_H
#define XINU_STACKROOM_H

/*
 * Room below the ESP at which an interrupt arrives. Entry code first touches the word that far down: if it lies in the
 * guard page, the process is ended while the kernel's state is still consistent. tools/check/stack_depth.py computes
 * the actual use.
 */
#define INTERRUPT_STACK_ROOM 456

/* Room below the frames of a detour when its callback begins (R21 of docs/callbacks.md), in both rings. */
#define CALLBACK_STACK_ROOM 512

#endif
