/*
 * entry.S - where the CPU arrives on an exception, on an IRQ other than the clock's, and on a double fault
 *
 * All gates are interrupt gates: the handlers run with interrupts masked.
 *
 * Everything in section .text.entry runs before the kernel changes any of its state, or after it finished doing so. A
 * fault there means that the stack is full, and ends the process (F4 of exception.cpp).
 */
#include "arch/x86/entry/user_frame.inc"

        .section .text.entry, "ax", @progbits

/*
 * One stub a vector, all addresses in interrupt_entry_table, from which idt.cpp fills the IDT. An exception without an
 * error code gets a 0 in its place, so that all have the same frame. Vectors 48 and above are unused; they are reported
 * like exceptions.
 */
        .pushsection .rodata.entry_table, "a", @progbits
        .globl  interrupt_entry_table
        .type   interrupt_entry_table, @object
        .size   interrupt_entry_table, 256 * 4
interrupt_entry_table:
        .popsection

        .globl  vector_stubs, vector_stubs_end
        .type   vector_stubs, @function
vector_stubs:
        .set    vector, 0
        .rept   256
        .pushsection .rodata.entry_table
        .long   1f
        .popsection
1:
        .cfi_startproc simple
        .if     vector >= VECTOR_IRQ_BASE && vector < VECTOR_IRQ_BASE + 16
        cfi_interrupt_entry
        pushl   $(vector - VECTOR_IRQ_BASE)
        cfi_push COLUMN_IRQ
        jmp     irq_entry
        .else
        .if     VECTOR_HAS_ERROR_CODE(vector)
        cfi_interrupt_entry 4
        .cfi_rel_offset COLUMN_ERROR, 0
        .else
        cfi_interrupt_entry
        pushl   $0
        cfi_push COLUMN_ERROR
        .endif
        pushl   $vector
        cfi_push COLUMN_VECTOR
        jmp     exception_entry
        .endif
        .cfi_endproc
        .set    vector, vector + 1
        .endr
vector_stubs_end:
        .size   vector_stubs, . - vector_stubs

/*
 * An IRQ. On the stack: its number, then what the CPU pushed. irq_handler() may switch to other processes.
 */
        .type   irq_entry, @function
irq_entry:
        .cfi_startproc simple
        cfi_interrupt_entry 4
        .cfi_rel_offset COLUMN_IRQ, 0
        testl   %eax, -INTERRUPT_STACK_ROOM(%esp)  # as in clkdisp
        pushal
        cfi_pushal
        push_data_segments
        pushl   8 + PUSHAL_BYTES(%esp)  # the IRQ's number, above two segments and the registers
        .cfi_adjust_cfa_offset 4
        call    irq_handler
        addl    $4, %esp
        .cfi_adjust_cfa_offset -4
        pop_data_segments
        popal
        cfi_popal
        addl    $4, %esp                # the flags that this changes come back with iret
        cfi_pop COLUMN_IRQ
        iret
        .cfi_endproc
        .size   irq_entry, . - irq_entry

/*
 * An exception. The frame is ExceptionFrame of frames.h. The report may need more stack than is left of the process's,
 * so it runs on the exit stack, unless it is already there (a fault in the report itself). Up to the pushal a full
 * stack makes a double fault; frame_of_double_fault() then relies on the order of the pushes here and in the stubs.
 */
        .globl  exception_entry
        .type   exception_entry, @function
exception_entry:
        .cfi_startproc simple
        cfi_interrupt_entry 8
        .cfi_rel_offset COLUMN_VECTOR, 0
        .cfi_rel_offset COLUMN_ERROR, 4
        pushal
        cfi_pushal
        movl    %esp, %ebx              # the frame
        .cfi_def_cfa_register ebx
        cmpl    $exit_stack, %esp
        jb      1f
        cmpl    $exit_stack_top, %esp
        jbe     2f
1:      movl    $exit_stack_top, %esp
2:      push_data_segments ebx
        pushl   %ebx
        call    exception_handler
        addl    $4, %esp                # returns if the exception was recoverable, or an NMI
        pop_data_segments ebx
        movl    %ebx, %esp
        .cfi_def_cfa esp, EXCEPTION_FRAME_BYTES
        popal
        cfi_popal
        addl    $8, %esp
        cfi_pop COLUMN_VECTOR
        cfi_pop COLUMN_ERROR
        iret
        .cfi_endproc
        .size   exception_entry, . - exception_entry

/*
 * A double fault: a task of its own, because the stack of the process could not even take the frame of the exception.
 * The CPU saves all registers of the interrupted task in its TSS and pushes an error code here. The handler rewrites
 * that TSS so that iret, which switches back because NT is set, goes on in the kernel's report. The next double fault
 * arrives behind the iret: hence the loop.
 */
        .globl  double_fault_entry
        .type   double_fault_entry, @function
double_fault_entry:
        .cfi_startproc
        .cfi_undefined eip
        cld
        call    double_fault_handler
        addl    $15, %esp               # back to the top, which is 16-byte aligned: an `int $8` has no error code
        andl    $-16, %esp
        iret
        jmp     double_fault_entry
        .cfi_endproc
        .size   double_fault_entry, . - double_fault_entry

/*
 * void abandon_stack(void (*next)()): goes on in next() on the exit stack and never returns. The end of a process runs
 * there, so that its own stack can be given back. Interrupts must be masked until another process runs.
 */
        .globl  abandon_stack
        .type   abandon_stack, @function
abandon_stack:
        .cfi_startproc
        .cfi_undefined eip
        movl    4(%esp), %eax
        movl    $exit_stack_top, %esp
        xorl    %ebp, %ebp              # a backtrace ends here
        call    *%eax
        ud2
        .cfi_endproc
        .size   abandon_stack, . - abandon_stack

        .section .note.GNU-stack, "", @progbits
