/*
 * jitter.S - the clock interrupt when the time between ticks varies: the timer runs once and is restarted here
 */
#include "arch/x86/frames.h"

        .cfi_sections .debug_frame      # for debuggers only: nothing unwinds at run time

        .section .text.entry, "ax", @progbits
        .globl  clkdisp_jittered
        .type   clkdisp_jittered, @function
clkdisp_jittered:
        .cfi_startproc simple
        .cfi_signal_frame
        .cfi_def_cfa esp, 12
        .cfi_offset eip, -12
        .cfi_offset esp, 0
        testl   %eax, -INTERRUPT_STACK_ROOM(%esp)       # as in clkdisp
        pushal
        .cfi_adjust_cfa_offset 32
        cld
        call    pit_restart_jittered
        popal
        .cfi_adjust_cfa_offset -32
        jmp     clkdisp                 # with the frame and the registers as the CPU has left them
        .cfi_endproc
        .size   clkdisp_jittered, . - clkdisp_jittered

        .section .note.GNU-stack, "", @progbits
