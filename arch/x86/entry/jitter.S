/*
 * jitter.S - the clock interrupt when the time between ticks varies: the timer runs once and is restarted here
 */
#include "arch/x86/entry/user_frame.inc"

        .section .text.entry, "ax", @progbits
        .globl  clkdisp_jittered
        .type   clkdisp_jittered, @function
clkdisp_jittered:
        .cfi_startproc simple
        cfi_interrupt_entry
        testl   %eax, -INTERRUPT_STACK_ROOM(%esp)       # as in clkdisp
        pushal
        cfi_pushal
        push_data_segments
        call    pit_restart_jittered
        pop_data_segments
        popal
        cfi_popal
        jmp     clkdisp                 # with the frame and the registers as the CPU left them
        .cfi_endproc
        .size   clkdisp_jittered, . - clkdisp_jittered

        .section .note.GNU-stack, "", @progbits
