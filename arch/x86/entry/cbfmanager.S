/*
 * cbfmanager.S - the detour itself: runs the claimed callbacks in the process's own context, then goes on exactly where
 * the process would have been
 *
 * Two ways lead here.
 *
 * cbfmanager: clkdisp's iret. The frame of the clock interrupt is on the stack (ESP at its EDI), the claimed callbacks
 * are in EAX (alarm) and EDX (message), 0 for none.
 *
 * cbfreturn: the ret of sleepms(), whose return address was rewritten (by send() while the process slept, or by
 * sleepms() itself). The original address is kept in the process table. A frame is built as if the clock had
 * interrupted the process on the first instruction after its call of sleepms(); from there on both ways are one.
 *
 * The frame's CS is a constant: a push of a segment register may write only the lower half of the word (Intel SDM
 * vol. 2, PUSH).
 *
 * Interrupts are on while a callback runs, and masked everywhere else in this file. So between the return of the last
 * callback and the iret no further detour can begin: the stack never holds more than one frame of each kind.
 */
#include "arch/x86/entry/cfi.inc"
#include "kernel/base/claimed.h"

#include <xinu/states.h>

#define NO_KIND 0                       /* a vacation has no registration to end */

#if CLAIMED_ALARM != 0 || CLAIMED_MESSAGE != 4 || CLAIMED_VACATION != 8
#error "the claimed callbacks are popped in this order"
#endif

/* Takes the next claimed callback off the stack and runs it, if there is one. */
        .macro  run_claimed kind, column
        popl    %eax
        cfi_pop \column
        .cfi_register \column, eax
        testl   %eax, %eax
        jz      .Lnone\@
        sti                             # takes effect after the next instruction: the callback starts with IF set
        call    *%eax
        .cfi_undefined \column
        cli
        cld                             # whatever the callback left there
        pushl   $\kind
        .cfi_adjust_cfa_offset 4
        call    detour_finished
        addl    $4, %esp
        .cfi_adjust_cfa_offset -4
.Lnone\@:
        .endm

        .section .text.entry, "ax", @progbits
        .cfi_startproc simple
        .cfi_signal_frame
        .cfi_def_cfa esp, 0             # sleepms() popped its return address: nothing is on the stack yet
        .cfi_undefined eip              # it is in the process table: prdetour.original
        .type   cbfreturn_planted, @function
cbfreturn_planted:
        nop                             # where debuggers look for the call before a planted return address
        .size   cbfreturn_planted, . - cbfreturn_planted

        .globl  cbfreturn
        .type   cbfreturn, @function
cbfreturn:
        pushfl                          # EFLAGS, as sleepms() left them
        cfi_push eflags
        cli
        pushl   $SELECTOR_KERNEL_CODE
        cfi_push cs
        pushl   $0                      # EIP: filled in by detour_at_return
        cfi_push COLUMN_EIP_TO_COME
        pushal                          # EAX is the result of sleepms()
        cfi_pushal
        cld

        subl    $CLAIMED_BYTES, %esp    # three words: alarm, message, vacation
        .cfi_adjust_cfa_offset CLAIMED_BYTES
        pushl   %esp
        .cfi_adjust_cfa_offset 4
        call    detour_at_return        # fills them in, and EIP: where sleepms() was to return to
        .cfi_undefined COLUMN_EIP_TO_COME
        .cfi_rel_offset eip, 4 + CLAIMED_BYTES + INTERRUPT_FRAME_EIP
        .cfi_rel_offset COLUMN_ALARM, 4 + CLAIMED_ALARM
        .cfi_rel_offset COLUMN_MESSAGE, 4 + CLAIMED_MESSAGE
        .cfi_rel_offset COLUMN_VACATION, 4 + CLAIMED_VACATION
        addl    $4, %esp
        .cfi_adjust_cfa_offset -4
        jmp     .Lrun
        .cfi_endproc
        .size   cbfreturn, . - cbfreturn

        .globl  cbfmanager
        .type   cbfmanager, @function
cbfmanager:
        .cfi_startproc simple
        cfi_cpu_frame
        cfi_pushal
        .cfi_register COLUMN_ALARM, eax
        .cfi_register COLUMN_MESSAGE, edx
        pushl   $0                      # vacation: only on a return of sleepms()
        cfi_push COLUMN_VACATION
        pushl   %edx                    # message
        cfi_push COLUMN_MESSAGE
        pushl   %eax                    # alarm
        cfi_push COLUMN_ALARM

.Lrun:  # ESP -> alarm, message, vacation (each may be 0), then the frame. They stay on the stack, not in registers:
        # a callback may do with all registers but ESP what it likes.
        run_claimed CB_ALARM, COLUMN_ALARM
        run_claimed CB_MESSAGE, COLUMN_MESSAGE
        run_claimed NO_KIND, COLUMN_VACATION

        # A callback that writes beyond its arrays may reach the frame. A wrong CS or EFLAGS (VM: the iret would
        # enter virtual-8086 mode) would end not only this process; a wrong EIP faults in the process, as any jump does.
        movl    INTERRUPT_FRAME_EFLAGS(%esp), %eax
        andl    $~EFLAGS_OF_PROCESS, %eax
        cmpl    $EFLAGS_FIXED, %eax
        jne     .Ldamaged
        cmpw    $SELECTOR_KERNEL_CODE, INTERRUPT_FRAME_CS(%esp)
        jne     .Ldamaged

        # The frame, untouched, is just what popal and iret take. iret restores EIP, EFLAGS and ESP in one instruction,
        # so there is no moment at which the flags are back and the stack is not, and no word is left to skip. It must
        # not find NT set, or it would attempt a task switch; a callback may leave it so.
        pushl   $EFLAGS_FIXED
        .cfi_adjust_cfa_offset 4
        popfl
        .cfi_adjust_cfa_offset -4
        .cfi_remember_state
        popal
        cfi_popal
        iret
        .cfi_restore_state

.Ldamaged:
        pushl   %esp                    # the frame
        .cfi_adjust_cfa_offset 4
        call    end_for_damaged_frame
        ud2
        .cfi_endproc
        .size   cbfmanager, . - cbfmanager

        .section .note.GNU-stack, "", @progbits
