/* ldt.c - looks for an LDT selector of a readable segment, and loads one into FS; there is no LDT */
#include <xinu.h>

#define PLANTED 0x2007 /* ring 3, entry 1024 of the LDT: at 0x2000, if the LDT were at address 0 */

static uint32 count_readable(void)
{
    uint32 found = 0;

    for (uint32 selector = 0x7; selector < 0x10000; selector += 8) {
        uint8 readable;

        asm volatile("verr %w1; setz %0" : "=q"(readable) : "r"(selector) : "cc");
        found += readable;
    }
    return found;
}

static void load_segment(uint32 selector)
{
    asm volatile("movw %w0, %%fs" : : "r"(selector));
}

process main(void)
{
    printf("ldt: %u readable segments\n", count_readable());
    load_segment(PLANTED);
    printf("ldt: goes on\n");
    return OK;
}
