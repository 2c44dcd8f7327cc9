/*
 * userret.S - INITRET: where the first function of a process returns to
 *
 * It is not called. A debugger looks for the caller of the first function one byte before its return address, so that
 * is where the call frame information begins which says that every backtrace ends here.
 */
#include "arch/x86/entry/cfi.inc"

        .text
        .cfi_startproc
        .cfi_def_cfa_offset 0           # nor is there a return address
        .cfi_undefined eip
        .type   INITRET, @function
INITRET:
        nop
        .size   INITRET, . - INITRET
        .globl  userret
        .type   userret, @function
userret:
        pushl   $0
        .cfi_adjust_cfa_offset 4
        call    exit
        ud2
        .cfi_endproc
        .size   userret, . - userret

        .section .note.GNU-stack, "", @progbits
