/*
 * return_page.S - the code that ring 3 executes at USER_CBFMANAGER, to begin and to end its event callbacks
 *
 * On entry EAX is a claimed callback and ESP points to the record of the detour (kernel/user/detour.hpp): the claimed
 * callbacks, and the interrupt frame of the code that makes the detour. cbnext does not return: it leads to the first
 * instruction again, with the next callback in EAX and the flags as for the first one; after the last, to where the
 * process was.
 *
 * Assembled twice: for the page that the kernel maps into each ring-3 process, in which nothing else may lie; and, with
 * FOR_DEBUGGERS, for each program's file, at the page's address.
 */
#include "arch/x86/entry/cfi.inc"
#include "kernel/base/page.h"

#include <xinu/systemcalls.h>

#ifdef FOR_DEBUGGERS
        .section .return_page, "ax", @progbits
        .weak   cbfmanager              # a program may have a function of this name
        .type   cbfmanager, @function
cbfmanager:
#else
        .section .rodata.return_page, "a", @progbits
        .balign PAGE_BYTES
        .globl  user_return_page
        .type   user_return_page, @object
user_return_page:
#endif
        .cfi_startproc simple
        cfi_cpu_frame
        cfi_pushal
        cfi_push COLUMN_VACATION
        cfi_push COLUMN_MESSAGE
        cfi_push COLUMN_ALARM
        call    *%eax
        movl    $SYSTEM_CALL_CBNEXT, %eax
        int     $SYSTEM_CALL_VECTOR
        ud2                             # not reached; in cbnext, EIP is here, where debuggers look for the function
        .cfi_endproc

#ifdef FOR_DEBUGGERS
        .size   cbfmanager, . - cbfmanager
#else
        .balign PAGE_BYTES
        .size   user_return_page, . - user_return_page
#endif

        .section .note.GNU-stack, "", @progbits
