/* Enters the kernel once more at its first instruction, with the wrong signature in EAX: started by an
 * unknown loader. */
#include <xinu.h>

process main(void)
{
    kprintf("once more\n");
    asm volatile("cli; xorl %eax, %eax; jmp _start");
    return OK;
}
