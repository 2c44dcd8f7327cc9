/* instructions.c - single instructions that an emulator does not execute like others: by them, `make bench REAL=1`
 * explains where instructions and time differ */
#include "bench.h"

#define TIMES 100

/* TIMES(100) the code, which keeps EBX and ESI, as a function that cost_of() takes. */
#define REPEATED(name, code)                                                                                           \
    static void name(void)                                                                                             \
    {                                                                                                                  \
        asm volatile("movl %0, %%esi\n"                                                                                \
                     "1:\t" code "\n\t"                                                                                \
                     "decl %%esi\n\t"                                                                                  \
                     "jnz 1b"                                                                                          \
                     :                                                                                                 \
                     : "i"(TIMES), "b"(word)                                                                           \
                     : "eax", "ecx", "edx", "esi", "cc", "memory");                                                    \
    }

static uint32 word[1024];

REPEATED(nothing, "")
REPEATED(call_and_ret, "call 2f\n\tjmp 3f\n2:\tret\n3:")
REPEATED(cli_and_sti, "cli\n\tsti")
REPEATED(pushfl_and_popfl, "pushfl\n\tpopfl")
REPEATED(pushal_and_popal, "pushal\n\tpopal")
REPEATED(load_segment, "movl %%ds, %%eax\n\tmovl %%eax, %%es")
REPEATED(iret, "pushfl\n\tpushl %%cs\n\tpushl $2f\n\tiret\n2:")
REPEATED(read_port, "inb $0x21, %%al")
REPEATED(load_cr3, "movl %%cr3, %%eax\n\tmovl %%eax, %%cr3")
REPEATED(forget_page, "invlpg (%%ebx)")
REPEATED(forget_page_and_load, "invlpg (%%ebx)\n\tmovl (%%ebx), %%eax")

static const struct {
    const char *name;
    void (*execute)(void);
} instructions[] = {
    {"call, ret and jmp", call_and_ret},
    {"cli and sti", cli_and_sti},
    {"pushfl and popfl", pushfl_and_popfl},
    {"pushal and popal", pushal_and_popal},
    {"reading and loading a segment register", load_segment},
    {"iret, with its three pushes", iret},
    {"in, from the interrupt controller", read_port},
    {"reading and loading CR3", load_cr3},
    {"invlpg", forget_page},
    {"invlpg, and a load from the page", forget_page_and_load},
};

void measure_instructions(void)
{
    uint32 loop = cost_of(nothing, NULL);
    unsigned i;

    for (i = 0; i < sizeof instructions / sizeof instructions[0]; i++)
        kprintf("100 times: %s: %u\n", instructions[i].name, cost_of(instructions[i].execute, NULL) - loop);
}
