/*
 * ctxsw.S - from one process to another
 *
 * void ctxsw(char **old, char **new): saves the caller's registers on its stack and the stack pointer in *old; takes
 * the stack from *new and returns there. Both are &proctab[pid].prstkptr, or
 * for a process that has lost its stack the one of prepare_last_stack(). Interrupts are masked.
 *
 * The words that it pushes are the frozen layout of <xinu/saved_stack.h>. All registers are saved, not only those
 * that a call must preserve, because course work reads and rewrites them.
 */
#include "arch/x86/cfi.inc"

        .text
        .globl  ctxsw
        .type   ctxsw, @function
ctxsw:
        .cfi_startproc
        pushl   %ebp                    # [9]: with [10], the return address, a frame of the EBP chain
        .cfi_def_cfa_offset 8
        .cfi_offset ebp, -8
        movl    %esp, %ebp
        .cfi_def_cfa_register ebp
        pushfl                          # [8]
        pushal                          # [0..7]

        movl    8(%ebp), %eax           # old
        movl    %esp, (%eax)
        movl    12(%ebp), %eax          # new: last use of the old stack
        movl    (%eax), %esp

        popal                           # EBP is the new process's once more: the CFA rule above holds again
        popfl                           # a new process starts with interrupts on; all others left with them masked
        popl    %ebp
        .cfi_def_cfa esp, 4
        .cfi_restore ebp
        ret
        .cfi_endproc
        .size   ctxsw, . - ctxsw

        .section .note.GNU-stack, "", @progbits
