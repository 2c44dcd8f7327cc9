/* reference.c - a loop of ordinary instructions, the measure of `make bench REAL=1` */
#include "bench.h"

#define TIMES 1000

static volatile uint32 words[2];

/* One instruction, and eight in each round. Five of them use memory, and one is a branch: about as in the kernel's
 * code. */
static void reference_loop(void)
{
    asm volatile("movl %2, %%ecx\n"
                 "1:\t"
                 "movl %0, %%eax\n\t"
                 "movl %1, %%edx\n\t"
                 "addl %%edx, %%eax\n\t"
                 "movl %%eax, %0\n\t"
                 "pushl %%eax\n\t"
                 "popl %%edx\n\t"
                 "subl $1, %%ecx\n\t"
                 "jnz 1b"
                 : "+m"(words[0])
                 : "m"(words[1]), "i"(TIMES)
                 : "eax", "ecx", "edx", "cc");
}

void measure_reference(void)
{
    kprintf("reference: a loop of loads, stores and sums: %u\n", cost_of(reference_loop, NULL));
}
