/*
 * user_entry.S - how ring 3 enters the kernel, and how it gets back
 *
 * A ring-3 process enters on its own, empty kernel stack (TSS.esp0), so there is no bound to check. Whatever the way,
 * the frame there is the UserFrame of frames.h, and the way back is user_return, or sysexit after sysenter. Interrupts
 * are masked from the first instruction to the last: all gates are interrupt gates, and sysenter clears IF.
 */
#include "arch/x86/entry/pic.h"
#include "arch/x86/entry/user_frame.inc"

#include <xinu/systemcalls.h>
#include <xinu/userspace.h>

        .section .text.entry, "ax", @progbits

/*
 * The clock interrupted ring 3: clkdisp's other half. A detour needs no second frame here. The process's registers are
 * moved to its own stack, and this frame then leads to cbfmanager in its return page (kernel/user/detour.cpp).
 */
        .globl  clkdisp_from_user
        .type   clkdisp_from_user, @function
clkdisp_from_user:
        .cfi_startproc simple
        cfi_user_entry
        pushal
        cfi_pushal
        enter_from_user USER_FRAME_DS
        movb    $PIC_END_OF_INTERRUPT, %al
        outb    %al, $PIC_MASTER_COMMAND        # before a switch, as in clkdisp
        call    clkhandler
        pushl   %esp                    # the frame
        .cfi_adjust_cfa_offset 4
        call    user_detour_at_tick
        addl    $4, %esp
        .cfi_adjust_cfa_offset -4

        .globl  user_return             # a new process comes here from ctxsw: its first frame is made by hand
user_return:
        leave_to_user USER_FRAME_DS
        popal
        cfi_popal
        iret
        .cfi_endproc
        .size   clkdisp_from_user, . - clkdisp_from_user

/*
 * int $0x30. The number in EAX selects the handler, which gets the frame and returns the result. From ring 0 this is an
 * unexpected interrupt like any other: a ring-0 process calls functions.
 */
        .globl  system_call_entry
        .type   system_call_entry, @function
system_call_entry:
        .cfi_startproc simple
        cfi_interrupt_entry
        testb   $SELECTOR_RING, CPU_FRAME_CS(%esp)
        jz      2f
        .cfi_remember_state
        .cfi_offset esp, 0
        .cfi_offset ss, 4
        pushal
        cfi_pushal
        enter_from_user USER_FRAME_DS
        movl    %esp, %ecx              # the frame, for a handler of type fastcall
        cmpl    $SYSTEM_CALL_COUNT, %eax
        jae     1f
        call    *system_call_handlers(, %eax, 4)
        movl    %eax, PUSHAL_EAX(%esp)
        jmp     user_return
1:      movl    $-1, PUSHAL_EAX(%esp)    # SYSERR: there is no such call
        jmp     user_return

        .cfi_restore_state
2:      pushl   $0
        cfi_push COLUMN_ERROR
        pushl   $SYSTEM_CALL_VECTOR
        cfi_push COLUMN_VECTOR
        jmp     exception_entry
        .cfi_endproc
        .size   system_call_entry, . - system_call_entry

/*
 * sysenter. The CPU saves nothing: the caller leaves its ESP in ECX and the return address in EDX. ESP is TSS.esp0
 * already: its register is set at each switch to another ring-3 process, so there is no instruction here at which the
 * stack is not the process's kernel stack, and an NMI or a debug exception (TF is not cleared by the CPU) finds it.
 * sysexit takes EIP and ESP from EDX and ECX. A detour changes both in the frame, and EAX, which suffices.
 */
        .globl  sysenter_entry
        .type   sysenter_entry, @function
sysenter_entry:
        .cfi_startproc simple
        .cfi_signal_frame
        .cfi_def_cfa esp, -8            # two words of the frame lie above the CFA
        .cfi_register eip, edx
        .cfi_register esp, ecx
        pushl   $SELECTOR_DATA          # SS
        cfi_push ss
        pushl   %ecx                    # ESP
        cfi_push esp
        pushl   $EFLAGS_FIXED | EFLAGS_IF
        cfi_push eflags
        pushl   $SELECTOR_USER_CODE     # CS
        cfi_push cs
        pushl   %edx                    # EIP
        cfi_push eip
        pushal
        cfi_pushal
        load_data_segments
        clear_user_flags
        movl    %esp, %ecx
        cmpl    $SYSTEM_CALL_COUNT, %eax
        jae     1f
        call    *system_call_handlers(, %eax, 4)
        movl    %eax, PUSHAL_EAX(%esp)
        .cfi_remember_state
        popal
        cfi_popal
        movl    (%esp), %edx            # EIP
        movl    CPU_FRAME_ESP(%esp), %ecx       # ESP
        sti                             # takes effect after sysexit
        sysexit
        .cfi_restore_state
1:      movl    $-1, PUSHAL_EAX(%esp)
        movl    $SELECTOR_DATA, USER_FRAME_DS(%esp)
        movl    $SELECTOR_DATA, USER_FRAME_ES(%esp)
        jmp     user_return
        .cfi_endproc
        .size   sysenter_entry, . - sysenter_entry

        .section .note.GNU-stack, "", @progbits
