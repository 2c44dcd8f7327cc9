/*
 * clkdisp.S - the clock interrupt, and the detour that a process takes at its end
 *
 * Entered through an interrupt gate: interrupts are masked from the first instruction to the iret. There is no sti.
 *
 * The frame is InterruptFrame of frames.h. clkhandler() may switch to other processes; when it returns, the process
 * that was interrupted here is the current one again, and only now is it decided whether this process has a callback to
 * run. detour_at_tick() decides and claims in one step, on this process's own stack: no global could be mixed up by the
 * processes that ran in between.
 *
 * If there is one, a second frame goes below the first, and iret consumes it: the process finds itself in cbfmanager,
 * with the first frame on its stack and the claimed callbacks in EAX (alarm) and EDX (message). The registers are free
 * to carry them, since all of the process's own are in the first frame.
 */
#include "arch/x86/entry/cfi.inc"
#include "arch/x86/entry/pic.h"
#include "kernel/base/claimed.h"
#include "kernel/base/process_entry.h"

        .section .text.entry, "ax", @progbits
        .globl  clkdisp
        .type   clkdisp, @function
clkdisp:
        .cfi_startproc simple
        cfi_interrupt_entry
        testb   $SELECTOR_RING, CPU_FRAME_CS(%esp) # ring 3 has another stack to detour on: see user_entry.S
        jnz     clkdisp_from_user
        testl   %eax, -INTERRUPT_STACK_ROOM(%esp)  # faults here, before anything is changed, if the stack is full
        pushal
        cfi_pushal
        cld                             # the interrupted code may have set DF; compiled code relies on it being clear

        movb    $PIC_END_OF_INTERRUPT, %al
        outb    %al, $PIC_MASTER_COMMAND        # before a switch: the next process must get its ticks
        call    clkhandler

        // [lab alarm 3
        movl    currpid, %eax
        shll    $PROCESS_SHIFT, %eax
        cmpw    $0, proctab + PROCESS_PRETYPE(%eax)
        jne     registered
        .cfi_remember_state
        popal
        cfi_popal
        iret
        .cfi_restore_state

registered:
        movl    %esp, %eax              # the frame
        subl    $CLAIMED_AT_TICK_BYTES, %esp    # detour_at_tick fills in two words: alarm, message
        .cfi_adjust_cfa_offset CLAIMED_AT_TICK_BYTES
        pushl   %esp
        .cfi_adjust_cfa_offset 4
        pushl   %eax
        .cfi_adjust_cfa_offset 4
        call    detour_at_tick          # (frame, claimed): anything to run?
        .cfi_rel_offset COLUMN_ALARM, 8 + CLAIMED_ALARM
        .cfi_rel_offset COLUMN_MESSAGE, 8 + CLAIMED_MESSAGE
        addl    $8, %esp
        .cfi_adjust_cfa_offset -8
        testb   %al, %al
        popl    %eax                    # alarm callback, or 0
        cfi_pop COLUMN_ALARM
        popl    %edx                    # message callback, or 0
        cfi_pop COLUMN_MESSAGE
        jnz     detour

        .cfi_remember_state
        popal
        cfi_popal
        iret
        .cfi_restore_state

detour:
        pushl   $EFLAGS_FIXED           # DF clear; cbfmanager itself turns interrupts on for each callback
        cfi_push COLUMN_DETOUR_EFLAGS
        pushl   $SELECTOR_KERNEL_CODE   # not %cs: see cbfmanager.S
        cfi_push COLUMN_DETOUR_CS
        pushl   $cbfmanager
        cfi_push COLUMN_DETOUR_EIP
        iret
        // lab]
        .cfi_endproc
        .size   clkdisp, . - clkdisp

        .section .note.GNU-stack, "", @progbits
