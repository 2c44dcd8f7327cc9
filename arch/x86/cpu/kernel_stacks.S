/* kernel_stacks.S - the two stacks that the kernel reserves for itself; see kernel_stacks.hpp */

#include "kernel/base/page.h"

        .macro  stack name, pages
        .globl  \name\()_guard, \name, \name\()_top
        .type   \name, @object
        .size   \name, \pages * PAGE_BYTES
\name\()_guard:
        .skip   PAGE_BYTES                    # unmapped by paging.cpp
\name:
        .skip   \pages * PAGE_BYTES
\name\()_top:
        .endm

        .section .bss.stacks, "aw", @nobits
        .balign PAGE_BYTES
        stack   null_stack, 4
        stack   exit_stack, 2

        .section .note.GNU-stack, "", @progbits
