/* gates.c - task 4: how the CPU gets from ring 3 into the kernel */
#include "rings.h"

void check_clock(void)
{
    uint32 msec = given(0, 20, 60);

    run_program("memory", "spin", msec, 0);
    report("a program computes for %u msec: %s", msec, hear_yes());
    report("in the end it %s", hear() == GOES_ON ? "goes on" : "is lost");
}

/* Intel SDM vol. 3, figure 6-2. */
struct gate {
    uint16 offset_low, selector;
    byte zero, type;
    uint16 offset_high;
};
#define PRIVILEGE(type) ((type) >> 5 & 3)
#define KIND(type) ((type)&0x1f)
#define INTERRUPT_GATE 14

void check_gates(void)
{
    struct {
        uint16 limit;
        const struct gate *gates;
    } __attribute__((packed)) idt;
    uint32 vector, others = 0;

    asm volatile("sidt %0" : "=m"(idt));
    for (vector = 0; vector < 256; vector++) {
        const struct gate *gate = &idt.gates[vector];

        if (PRIVILEGE(gate->type) == 3)
            report("ring 3 may execute int %u: %s gate, to segment %02x", vector,
                   KIND(gate->type) == INTERRUPT_GATE ? "an interrupt" : "another", gate->selector);
        others += PRIVILEGE(gate->type) != 0 && PRIVILEGE(gate->type) != 3;
    }
    report("gates for rings 1 and 2: %u", others);
}
