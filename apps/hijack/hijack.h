/*
 * hijack.h - leads processes that are switched out through functions of one's own, by way of their return addresses
 *
 * A process that does not have the CPU will go on where the words of its stack say (include/xinu/saved_stack.h). These
 * functions change them. Each masks interrupts while it does; those that return a syscall return OK, or SYSERR if they
 * have changed nothing.
 */
#ifndef HIJACK_H
#define HIJACK_H

#include <xinu.h>

/*
 * The word that holds the return address of this process's ctxsw(): where it will go on. NULL for no process, for the
 * caller itself, and if the saved words do not lie on the process's stack.
 */
uint32 *switch_word(pid32 pid);

/*
 * When the process gets the CPU the next time, it is in this function. The function must not return; it begins with
 * interrupts masked, unless the process is new.
 */
syscall redirect(pid32 pid, callback function);

/*
 * When the process gets the CPU the next time, it runs this function first, and goes on where it would have gone on,
 * with all registers and flags as they are saved. The function may change every register but ESP, and must not block.
 * Several may be waiting for the process: the last one runs first. SYSERR also if there is no room on its stack.
 */
syscall detour(pid32 pid, callback function);

/*
 * The word that holds the return address of sleepms() on the stack of this process, which is switched out. NULL if it
 * is not inside sleepms(): each frame on the way must lie on the stack, aligned, above the one before, with a return
 * address in the function that must have made the call.
 */
uint32 *sleepms_word(pid32 pid);

/*
 * When the process returns from its sleepms(), it runs this function first. It may do what any function may; to the
 * caller of sleepms(), the result and all registers are as they would have been. SYSERR if it is not inside sleepms(),
 * or is diverted already.
 */
syscall divert(pid32 pid, callback function);

#endif
