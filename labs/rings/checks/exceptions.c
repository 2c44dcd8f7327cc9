/* exceptions.c - see exceptions.h */
#include "exceptions.h"

/* ExceptionFrame of arch/x86/entry/frames.h. */
struct exception_frame {
    uint32 registers[8], vector, error, eip, cs, eflags;
};

/* The kernel's own, under test. */
const char *page_fault_access(const struct exception_frame *frame,
                              uint32 address) asm("_ZN6detour4arch17page_fault_accessERKNS0_14ExceptionFrameEj");
const char *page_fault_reason(const struct exception_frame *frame,
                              uint32 address) asm("_ZN6detour4arch17page_fault_reasonERKNS0_14ExceptionFrameEj");

struct seen seen;

/* pushed: what pushal leaves, and above it what the CPU has pushed. */
void note_exception(uint32 vector, const uint32 *pushed)
{
    const int has_code = vector >= 10;
    struct exception_frame frame = {.vector = vector, .error = has_code ? pushed[8] : 0};

    memcpy(frame.registers, pushed, sizeof frame.registers);
    frame.eip = pushed[8 + has_code];
    frame.cs = pushed[9 + has_code];
    frame.eflags = pushed[10 + has_code];
    seen = (struct seen){.vector = vector, .error = frame.error};
    seen.below = (uint32)me->prstkbase - (uint32)&pushed[12 + has_code];
    asm volatile("movl %%cr2, %0" : "=r"(seen.address));
    if (vector == 14) {
        seen.access = page_fault_access(&frame, seen.address);
        seen.reason = page_fault_reason(&frame, seen.address);
    }
}

/* An entry for each: notes it, and goes where the gate led before. */
asm(".macro watch vector\n"
    "watched_\\vector:\n\t"
    "pushal\n\t"
    "movl %esp, %eax\n\t"
    "cld\n\t"
    "pushl %eax\n\t"
    "pushl $\\vector\n\t"
    "call note_exception\n\t"
    "addl $8, %esp\n\t"
    "popal\n\t"
    "jmp *original + 4 * \\vector\n"
    ".endm\n"
    ".pushsection .text\n"
    "watch 0\n"
    "watch 3\n"
    "watch 6\n"
    "watch 13\n"
    "watch 14\n"
    ".popsection");
extern const byte watched_0[], watched_3[], watched_6[], watched_13[], watched_14[];
uint32 original[15]; /* by vector: where the gate led */

static void watch(uint16 *gate, uint32 vector, const byte *entry)
{
    original[vector] = gate[0] | (uint32)gate[3] << 16;
    gate[0] = (uint16)(uint32)entry;
    gate[3] = (uint16)((uint32)entry >> 16);
}

void watch_exceptions(void)
{
    struct {
        uint16 limit;
        uint16 (*gates)[4];
    } __attribute__((packed)) idt;

    asm volatile("sidt %0" : "=m"(idt));
    watch(idt.gates[0], 0, watched_0);
    watch(idt.gates[3], 3, watched_3);
    watch(idt.gates[6], 6, watched_6);
    watch(idt.gates[13], 13, watched_13);
    watch(idt.gates[14], 14, watched_14);
}

void forget_exceptions(void)
{
    seen = (struct seen){.vector = NONE};
}
