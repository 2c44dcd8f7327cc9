/* debug.c - see debug.h. Vector 1 of the IDT is borrowed as long as something is watched. */
#include "debug.h"

#define VECTOR_DEBUG 1
#define FLAGS_RF 0x10000

struct watched watched[4];
static uint32 dr7; /* DR7 */
static uint32 old_gate[2];

__attribute__((used)) static void debug_hit(uint32 *eflags)
{
    uint32 status, i;

    asm volatile("movl %%db6, %0" : "=r"(status));
    for (i = 0; i < 4; i++)
        if (status >> i & 1) {
            watched[i].hits++;
            watched[i].flags_or |= *eflags;
        }
    asm volatile("movl %0, %%db6" : : "r"(0));
    *eflags |= FLAGS_RF; /* a watched instruction is not to trap again */
}

void debug_exception(void);
asm(".pushsection .text\n"
    "debug_exception:\n\t"
    "pushal\n\t"
    "cld\n\t"
    "leal 40(%esp), %eax\n\t"
    "pushl %eax\n\t"
    "call debug_hit\n\t"
    "addl $4, %esp\n\t"
    "popal\n\t"
    "iret\n"
    ".popsection");

static uint32 *gate(void)
{
    struct {
        uint16 limit;
        uint32 base;
    } __attribute__((packed)) idt;

    asm volatile("sidt %0" : "=m"(idt));
    return (uint32 *)(idt.base + 8 * VECTOR_DEBUG);
}

void debug_watch(uint32 number, const volatile void *address, uint32 kind, uint32 bytes)
{
    uint32 *entry = gate(), handler = (uint32)debug_exception;

    if (dr7 == 0) {
        memcpy(old_gate, entry, sizeof old_gate);
        entry[0] = (entry[0] & 0xffff0000) | (handler & 0xffff);
        entry[1] = (handler & 0xffff0000) | 0x8e00;
    }
    switch (number) {
    case 0:
        asm volatile("movl %0, %%db0" : : "r"(address));
        break;
    case 1:
        asm volatile("movl %0, %%db1" : : "r"(address));
        break;
    case 2:
        asm volatile("movl %0, %%db2" : : "r"(address));
        break;
    default:
        asm volatile("movl %0, %%db3" : : "r"(address));
        break;
    }
    watched[number] = (struct watched){0, 0};
    dr7 |= 1u << (2 * number) | kind << (16 + 4 * number) | (bytes - 1) << (18 + 4 * number);
    asm volatile("movl %0, %%db7" : : "r"(dr7));
}

void debug_end(void)
{
    dr7 = 0;
    asm volatile("movl %0, %%db7" : : "r"(dr7));
    memcpy(gate(), old_gate, sizeof old_gate);
}
