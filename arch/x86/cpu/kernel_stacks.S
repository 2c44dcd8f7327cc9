/* kernel_stacks.S - the two stacks that are not a process's own choice; see kernel_stacks.hpp */

#define PAGE 4096

        .macro  stack name, pages
        .globl  \name\()_guard, \name, \name\()_top
        .type   \name, @object
        .size   \name, \pages * PAGE
\name\()_guard:
        .skip   PAGE                    # unmapped by paging.cpp
\name:
        .skip   \pages * PAGE
\name\()_top:
        .endm

        .section .bss.stacks, "aw", @nobits
        .balign PAGE
        stack   null_stack, 4
        stack   exit_stack, 2

        .section .note.GNU-stack, "", @progbits
