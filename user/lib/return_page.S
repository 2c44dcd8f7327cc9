/* return_page.S - for debuggers: the code that the kernel maps into each program at USER_CBFMANAGER, and its name */
#include "arch/x86/return_page.inc"

        .section .return_page, "ax", @progbits
        .weak   cbfmanager              # a program may have a function of this name
        .type   cbfmanager, @function
cbfmanager:
        return_page_code
        .size   cbfmanager, . - cbfmanager

        .section .note.GNU-stack, "", @progbits
