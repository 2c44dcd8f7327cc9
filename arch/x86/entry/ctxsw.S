/*
 * ctxsw.S - from one process to another
 *
 * void ctxsw(char **old, char **new): saves the caller's registers on its stack and the stack pointer in *old; takes
 * the stack from *new and returns there. Both are &proctab[pid].prstkptr, or for a process with a damaged stack what
 * replacement_stack() returns. Interrupts are masked.
 *
 * The words that it pushes are the frozen layout of <xinu/saved_stack.h>. All registers are saved, not only those that
 * a call must preserve, because course work reads and rewrites them.
 */
#include "arch/x86/entry/cfi.inc"

/* Where a saved word lies, from the CFA: the return address, SAVED_RETURN, ends there. */
#define SAVED_OFFSET(word) (((word) - SAVED_WORDS) * 4)

        .text
        .globl  ctxsw
        .type   ctxsw, @function
ctxsw:
        .cfi_startproc
        pushl   %ebp                    # [9]: with [10], the return address, a frame of the EBP chain
        .cfi_def_cfa_offset 8
        .cfi_offset ebp, SAVED_OFFSET(SAVED_LINK)
        movl    %esp, %ebp
        .cfi_def_cfa_register ebp
        pushfl                          # [8]
        .cfi_offset eflags, SAVED_OFFSET(SAVED_EFLAGS)
        pushal                          # [0..7]
        .cfi_offset eax, SAVED_OFFSET(SAVED_EAX)
        .cfi_offset ecx, SAVED_OFFSET(SAVED_ECX)
        .cfi_offset edx, SAVED_OFFSET(SAVED_EDX)
        .cfi_offset ebx, SAVED_OFFSET(SAVED_EBX)
        .cfi_offset COLUMN_PUSHAL_ESP, SAVED_OFFSET(SAVED_ESP)
        .cfi_offset COLUMN_OWN_EBP, SAVED_OFFSET(SAVED_EBP)
        .cfi_offset esi, SAVED_OFFSET(SAVED_ESI)
        .cfi_offset edi, SAVED_OFFSET(SAVED_EDI)

        movl    8(%ebp), %eax           # old
        movl    %esp, (%eax)
        movl    12(%ebp), %eax          # new: last use of the old stack
        movl    (%eax), %esp
        .cfi_def_cfa esp, SAVED_WORDS * 4

.Lresumption:
        popal
        .cfi_def_cfa esp, 12
        .cfi_same_value eax
        .cfi_same_value ecx
        .cfi_same_value edx
        .cfi_same_value ebx
        .cfi_undefined COLUMN_PUSHAL_ESP
        .cfi_undefined COLUMN_OWN_EBP
        .cfi_same_value esi
        .cfi_same_value edi
        popfl                           # a new process starts with interrupts on; all others left with them masked
        .cfi_adjust_cfa_offset -4
        .cfi_same_value eflags
        popl    %ebp
        .cfi_adjust_cfa_offset -4
        .cfi_same_value ebp
        ret
        .cfi_endproc
        .size   ctxsw, . - ctxsw

/* Where a process that is switched out resumes: a description of its stack begins with this address and prstkptr. */
        .section .rodata.ctxsw, "a", @progbits
        .balign 4
        .globl  ctxsw_resumption
        .type   ctxsw_resumption, @object
        .size   ctxsw_resumption, 4
ctxsw_resumption:
        .long   .Lresumption

        .section .note.GNU-stack, "", @progbits
