/*
 * frame_columns.h - the kinds of word in a frame, for the call frame information in assembly and for C++
 *
 * Registers have their DWARF numbers (System V ABI for the i386, table 2.14). From COLUMN_OWN on the numbers are ours,
 * for words that hold no register of the interrupted code or the caller: the ABI assigns no registers there, and
 * debuggers ignore them.
 */
#ifndef DETOUR_FRAME_COLUMNS_H
#define DETOUR_FRAME_COLUMNS_H

#define COLUMN_EAX 0
#define COLUMN_ECX 1
#define COLUMN_EDX 2
#define COLUMN_EBX 3
#define COLUMN_ESP 4
#define COLUMN_EBP 5
#define COLUMN_ESI 6
#define COLUMN_EDI 7
#define COLUMN_EIP 8 /* the return address */
#define COLUMN_EFLAGS 9
#define COLUMN_ES 40
#define COLUMN_CS 41
#define COLUMN_SS 42
#define COLUMN_DS 43

#define COLUMN_OWN 60
#define COLUMN_PUSHAL_ESP 60 /* ESP as stored by pushal; popal skips it */
#define COLUMN_OWN_EBP 61    /* EBP as stored by pushal: the function's own, not its caller's */
#define COLUMN_ALARM 62      /* claimed callbacks not yet run, or 0 */
#define COLUMN_MESSAGE 63
#define COLUMN_VACATION 64
#define COLUMN_DETOUR_EIP 65 /* the second frame that clkdisp pushes: iret consumes it */
#define COLUMN_DETOUR_CS 66
#define COLUMN_DETOUR_EFLAGS 67
#define COLUMN_IRQ 68 /* IRQ number */
#define COLUMN_VECTOR 69
#define COLUMN_ERROR 70       /* error code of an exception, or 0 if it has none */
#define COLUMN_EIP_TO_COME 71 /* slot for the EIP to resume at: 0 until it is stored */

#endif
