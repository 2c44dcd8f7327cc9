/* triple_fault.c - replaces the kernel's interrupt table with its own, which has a single handler: for int
 * $0x60 */
#include <xinu.h>

struct gate {
    uint16 offset_low, selector, type, offset_high;
};
struct table_pointer { /* operand of lidt: Intel SDM vol. 3, figure 6-1 */
    uint16 limit;
    uint32 base;
};

#define KERNEL_CODE 0x08
#define INTERRUPT_GATE 0x8E00

static struct gate table[256];
static struct table_pointer kernels;
static volatile int calls;

void on_call(void);
__asm__(".pushsection .text\n"
        "on_call: incl calls\n"
        "iret\n"
        ".popsection");

static void install(void)
{
    struct table_pointer pointer = {sizeof table - 1, (uint32)table};

    for (int vector = 0; vector < 256; vector++)
        table[vector] = (struct gate){(uint32)on_call, KERNEL_CODE, INTERRUPT_GATE, (uint32)on_call >> 16};
    __asm__ volatile("sidt %0\n\t"
                     "lidt %1"
                     : "=m"(kernels)
                     : "m"(pointer));
}

process main(void)
{
    intmask mask = disable();

    install();
    __asm__ volatile("int $0x60");
    __asm__ volatile("lidt %0" : : "m"(kernels));
    printf("the handler was called %d time(s)\n", calls);
    restore(mask);
    return OK;
}
