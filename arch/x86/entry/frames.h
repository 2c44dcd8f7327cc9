/*
 * frames.h - the stack frames of interrupt entry, for assembly and C++ alike
 *
 * Each picture stands here once, high addresses first. tests/qemu checks the order of the pushes with known registers;
 * the assertions below check that the structs agree with the offsets, and tests/tools/pictures_test.py that the
 * pictures do.
 *
 * An interrupted process (clkdisp, the other IRQ entries, and what a detour through sleepms() imitates):
 *
 *     40  EFLAGS     \
 *     36  CS          > pushed by the CPU on delivery, popped by iret
 *     32  EIP        /
 *     28  EAX        \
 *     24  ECX         |
 *     20  EDX         |
 *     16  EBX         |
 *     12  ESP         > pushed by pushal, popped by popal, which skips the ESP
 *      8  EBP         |
 *      4  ESI         |
 *      0  EDI        /   <- ESP once the frame is complete
 *
 * An exception has two words more between EAX and EIP:
 *
 *     48  EFLAGS     \
 *     44  CS          > pushed by the CPU
 *     40  EIP        /
 *     36  error code    pushed by the CPU, or a 0 by the entry stub for exceptions that have none
 *     32  vector        pushed by the entry stub
 *     28 ... 0          pushal, as above
 *
 * A ring-3 process enters the kernel on an empty kernel stack, at TSS.esp0. So its frame is always at the same place,
 * directly below STACKMAGIC, whichever way it came in (clock, system call):
 *
 *     60  STACKMAGIC       not part of the frame: the highest word of the kernel stack, at prstkbase
 *     56  ES            \  stored by entry code: the CPU leaves these two alone,
 *     52  DS            /  and ring 3 may have loaded them with any selector that it may use
 *     48  SS            \  <- esp0 is the address of DS
 *     44  ESP            |
 *     40  EFLAGS         > pushed by the CPU when it changes from ring 3 to ring 0,
 *     36  CS             | or by entry code after sysenter
 *     32  EIP           /
 *     28 ... 0             pushal, as above
 */
#ifndef DETOUR_FRAMES_H
#define DETOUR_FRAMES_H

#include <xinu/saved_stack.h>
#include <xinu/stackroom.h>

#define PUSHAL_EDI 0
#define PUSHAL_ESI 4
#define PUSHAL_EBP 8
#define PUSHAL_ESP 12
#define PUSHAL_EBX 16
#define PUSHAL_EDX 20
#define PUSHAL_ECX 24
#define PUSHAL_EAX 28
#define PUSHAL_BYTES 32

#define INTERRUPT_FRAME_EIP 32
#define INTERRUPT_FRAME_CS 36
#define INTERRUPT_FRAME_EFLAGS 40
#define INTERRUPT_FRAME_BYTES 44

/* What the CPU alone pushes, at the first instruction of a gate without error code. */
#define CPU_FRAME_CS (INTERRUPT_FRAME_CS - INTERRUPT_FRAME_EIP)
#define CPU_FRAME_EFLAGS (INTERRUPT_FRAME_EFLAGS - INTERRUPT_FRAME_EIP)
#define CPU_FRAME_ESP (USER_FRAME_ESP - INTERRUPT_FRAME_EIP) /* from ring 3 only */

#define USER_FRAME_ESP 44
#define USER_FRAME_SS 48
#define USER_FRAME_DS 52
#define USER_FRAME_ES 56
#define USER_FRAME_BYTES 60

#define EXCEPTION_FRAME_VECTOR 32
#define EXCEPTION_FRAME_ERROR 36
#define EXCEPTION_FRAME_EIP 40
#define EXCEPTION_FRAME_CS 44
#define EXCEPTION_FRAME_EFLAGS 48
#define EXCEPTION_FRAME_BYTES 52

/* Exceptions for which the CPU pushes an error code: 8, 10 to 14, 17, 21 (Intel SDM vol. 3, table 6-1). */
#define VECTOR_HAS_ERROR_CODE(v) ((v) == 8 || ((v) >= 10 && (v) <= 14) || (v) == 17 || (v) == 21)

#define VECTOR_IRQ_BASE 32 /* IRQ n arrives at vector 32 + n */
#define VECTOR_CLOCK VECTOR_IRQ_BASE

/* EFLAGS (Intel SDM vol. 1, 3.4.3) */
#define EFLAGS_FIXED 0x002
#define EFLAGS_TF 0x100
#define EFLAGS_IF 0x200
#define EFLAGS_DF 0x400
#define EFLAGS_NT 0x4000
#define EFLAGS_RF 0x10000   /* the next instruction is executed whether or not there is a breakpoint on it */
#define EFLAGS_VM 0x20000   /* virtual-8086 mode: segment registers are no selectors */
#define EFLAGS_VIF 0x80000  /* of virtual-8086 mode only */
#define EFLAGS_VIP 0x100000 /* of virtual-8086 mode only */

/*
 * What a frame on the stack of a ring-0 process may hold besides EFLAGS_FIXED: CF PF AF ZF SF TF IF DF OF RF AC ID. IF
 * is clear if the process masked interrupts and then called sleepms(). RF is set if the clock interrupted a repeated
 * string instruction (Intel SDM vol. 3, 17.3.1.1). No process has a use for IOPL and NT in ring 0; VM, VIF and VIP it
 * cannot set; the others are always clear.
 */
#define EFLAGS_OF_PROCESS 0x250FD5
#define EFLAGS_USER 0x244DD5 /* what ring 3 can change by popf: CF PF AF ZF SF TF DF OF NT AC ID */

/*
 * Segment selectors: index * 8 + privilege level. sysenter and sysexit fix the order of the first four (Intel SDM
 * vol. 2, SYSENTER). In DS and ES the kernel too has the data segment of ring 3: it is as flat as one of its own would
 * be, and after sysenter it need not be changed on the way back. FS and GS the kernel does not use; they change with
 * the process.
 */
#define SELECTOR_KERNEL_CODE 0x08
#define SELECTOR_KERNEL_STACK 0x10
#define SELECTOR_USER_CODE 0x1B
#define SELECTOR_DATA 0x23
#define SELECTOR_MAIN_TASK 0x28
#define SELECTOR_DOUBLE_FAULT 0x30
#define SELECTOR_RING 3 /* the bits of a selector that hold the privilege level */

#ifndef __ASSEMBLER__

#include "kernel/base/claimed.h"

#include <cstddef>
#include <cstdint>

namespace detour::arch
{

struct Registers { // as pushal leaves them, lowest address first
    uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
};

struct InterruptFrame {
    Registers registers;      // pushed by entry code
    uint32_t eip, cs, eflags; // pushed by the CPU
};

struct UserFrame {
    InterruptFrame interrupted; // pushed by the CPU and by entry code
    uint32_t esp, ss;           // pushed by the CPU
    uint32_t ds, es;            // stored by entry code
};

struct ExceptionFrame {
    Registers registers;      // pushed by entry code
    uint32_t vector;          // pushed by the entry stub
    uint32_t error;           // pushed by the CPU or by the entry stub
    uint32_t eip, cs, eflags; // pushed by the CPU
};

// From ring 3 the CPU pushes two words more, as in UserFrame.
struct UserExceptionFrame {
    ExceptionFrame exception;
    uint32_t esp, ss;
};

// From virtual-8086 mode, another four (Intel SDM vol. 3, figure 20-4).
struct Virtual8086ExceptionFrame {
    UserExceptionFrame exception;
    uint32_t es, ds, fs, gs;
};

static_assert(offsetof(Registers, edi) == PUSHAL_EDI);
static_assert(offsetof(Registers, esi) == PUSHAL_ESI);
static_assert(offsetof(Registers, ebp) == PUSHAL_EBP);
static_assert(offsetof(Registers, esp) == PUSHAL_ESP);
static_assert(offsetof(Registers, ebx) == PUSHAL_EBX);
static_assert(offsetof(Registers, edx) == PUSHAL_EDX);
static_assert(offsetof(Registers, ecx) == PUSHAL_ECX);
static_assert(offsetof(Registers, eax) == PUSHAL_EAX);

static_assert(sizeof(Registers) == PUSHAL_BYTES);

static_assert(offsetof(InterruptFrame, registers) == 0);
static_assert(offsetof(InterruptFrame, eip) == INTERRUPT_FRAME_EIP);
static_assert(offsetof(InterruptFrame, cs) == INTERRUPT_FRAME_CS);
static_assert(offsetof(InterruptFrame, eflags) == INTERRUPT_FRAME_EFLAGS);
static_assert(sizeof(InterruptFrame) == INTERRUPT_FRAME_BYTES);
static_assert(INTERRUPT_FRAME_BYTES == INTERRUPTED_WORDS * sizeof(uint32_t));
static_assert(offsetof(ReturnOfSleepms, eip) == CLAIMED_BYTES + INTERRUPT_FRAME_EIP); // cbfmanager.S builds it
static_assert(CALLBACK_STACK_ROOM >= INTERRUPT_STACK_ROOM + INTERRUPT_FRAME_BYTES - INTERRUPT_FRAME_EIP,
              "a callback could not be interrupted");

static_assert(offsetof(UserFrame, interrupted) == 0);
static_assert(offsetof(UserFrame, esp) == USER_FRAME_ESP);
static_assert(offsetof(UserFrame, ss) == USER_FRAME_SS);
static_assert(offsetof(UserFrame, ds) == USER_FRAME_DS);
static_assert(offsetof(UserFrame, es) == USER_FRAME_ES);
static_assert(sizeof(UserFrame) == USER_FRAME_BYTES);

static_assert(offsetof(ExceptionFrame, registers) == 0);
static_assert(offsetof(ExceptionFrame, vector) == EXCEPTION_FRAME_VECTOR);
static_assert(offsetof(ExceptionFrame, error) == EXCEPTION_FRAME_ERROR);
static_assert(offsetof(ExceptionFrame, eip) == EXCEPTION_FRAME_EIP);
static_assert(offsetof(ExceptionFrame, cs) == EXCEPTION_FRAME_CS);
static_assert(offsetof(ExceptionFrame, eflags) == EXCEPTION_FRAME_EFLAGS);
static_assert(sizeof(ExceptionFrame) == EXCEPTION_FRAME_BYTES);

// True for no other word that could stand in this place: in EFLAGS bit 3 is always clear.
inline bool is_from_ring3(const ExceptionFrame &frame)
{
    return (frame.cs & 0xFFFF) == SELECTOR_USER_CODE;
}

// Not of a frame as entry.S pushes it: see as_interrupted().
inline bool is_virtual_8086(const ExceptionFrame &frame)
{
    return (frame.eflags & EFLAGS_VM) != 0;
}

} // namespace detour::arch

#endif
#endif
