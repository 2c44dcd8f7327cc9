/*
 * boot.S - the first instruction
 *
 * A multiboot 1 loader (GRUB, or QEMU's -kernel) enters at _start: protected mode, flat segments of its own, paging
 * off, interrupts masked, EAX = the loader's signature, EBX = the address of its information (Multiboot Specification
 * 0.6.96, 3.2). All that is missing for C++ is a stack; the loader cleared .bss.
 */
#include "arch/x86/entry/cfi.inc"

#define MULTIBOOT_HEADER_MAGIC 0x1BADB002
#define MULTIBOOT_PAGE_ALIGN 0x1
#define MULTIBOOT_MEMORY_INFO 0x2
#define MULTIBOOT_FLAGS (MULTIBOOT_PAGE_ALIGN | MULTIBOOT_MEMORY_INFO)

        .section .multiboot, "a", @progbits
        .balign 4
        .long   MULTIBOOT_HEADER_MAGIC
        .long   MULTIBOOT_FLAGS
        .long   -(MULTIBOOT_HEADER_MAGIC + MULTIBOOT_FLAGS)

        .section .text.boot, "ax", @progbits
        .globl  _start
        .type   _start, @function
_start:
        .cfi_startproc
        .cfi_undefined eip              # not called: a backtrace ends here
        movl    $null_stack_top - 4, %esp       # the null process's stack; its highest word is for STACKMAGIC
        xorl    %ebp, %ebp
        pushl   $EFLAGS_FIXED
        popfl                           # known flags: DF and NT clear, interrupts masked
        pushl   %ebx
        pushl   %eax
        call    nulluser                # nulluser(signature, information) never returns
        ud2
        .cfi_endproc
        .size   _start, . - _start

        .section .note.GNU-stack, "", @progbits
