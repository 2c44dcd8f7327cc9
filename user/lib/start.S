/*
 * start.S - the first instruction of a ring-3 program
 *
 * The kernel enters with ESP at argc, argv above it, which is the layout of main()'s arguments.
 */
        .cfi_sections .debug_frame
        .text
        .globl  _start
        .type   _start, @function
_start:
        .cfi_startproc
        .cfi_undefined eip              # there is no caller: a backtrace ends here
        xorl    %ebp, %ebp
        call    main                    # main(argc, argv)
        call    exit                    # ignores main's result
        ud2
        .cfi_endproc
        .size   _start, . - _start

        .section .note.GNU-stack, "", @progbits
