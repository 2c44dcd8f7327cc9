/*
 * stubs.S - the system calls as functions with C's calling convention, generated from <xinu/systemcalls.h>
 *
 * A stub has a frame on the chain of saved EBPs, so that a backtrace from inside the kernel names its caller.
 */
#include <xinu/systemcalls.h>
#include <xinu/userspace.h>

#define HAS_SYSENTER (USER_WINDOW + 16) /* windowheader.has_sysenter */

        .cfi_sections .debug_frame
        .text

        .macro  begin_stub name, number
        .globl  \name
        .type   \name, @function
\name:
        .cfi_startproc
        pushl   %ebp
        .cfi_def_cfa_offset 8
        .cfi_offset ebp, -8
        movl    %esp, %ebp
        .cfi_def_cfa_register ebp
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        .cfi_offset ebx, -12
        .cfi_offset esi, -16
        .cfi_offset edi, -20
        movl    8(%ebp), %ebx           # three words, even for fewer arguments: the stack continues above
        movl    12(%ebp), %esi
        movl    16(%ebp), %edi
        movl    $\number, %eax
        .endm

        .macro  end_stub name
        popl    %edi
        popl    %esi
        popl    %ebx
        popl    %ebp
        .cfi_def_cfa esp, 4
        ret
        .cfi_endproc
        .size   \name, . - \name
        .endm

        .macro  by_interrupt
        int     $SYSTEM_CALL_VECTOR
        .endm

        .macro  by_sysenter
        movl    %esp, %ecx
        movl    $9f, %edx
        sysenter
9:
        .endm

/* Uses sysenter if the CPU has it. cbnext has no stub: only the return page makes this call. */
        .macro  stub name, number
        .if     \number != SYSTEM_CALL_CBNEXT
        begin_stub \name, \number
        cmpl    $0, HAS_SYSENTER
        je      1f
        by_sysenter
        jmp     2f
1:      by_interrupt
2:
        end_stub \name
        .endif
        .endm

/* getpid() reads the window instead. These traps remain as null calls, to measure both entry paths. */
        begin_stub getpid_by_interrupt, 0
        by_interrupt
        end_stub getpid_by_interrupt

        begin_stub getpid_by_sysenter, 0
        by_sysenter
        end_stub getpid_by_sysenter

#define getpid getpid_by_trap
#define STUB(number, result, name, parameters) stub name, number ;
        SYSTEM_CALLS(STUB)

        .section .note.GNU-stack, "", @progbits
