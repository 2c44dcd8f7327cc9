/* Resets the machine: an interrupt without an interrupt table is a triple fault. */
#include <xinu.h>

process main(void)
{
    static const struct {
        unsigned short limit;
        unsigned long base;
    } __attribute__((packed)) none = {0, 0};
    kprintf("falling\n");
    asm volatile("lidt %0; int3" : : "m"(none));
    return OK;
}
