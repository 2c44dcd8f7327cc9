/* kexec.c - jumps into the kernel */
#include <xinu.h>

static void jump_to(uint32 address)
{
    ((void (*)(void))address)();
}

process main(void)
{
    printf("kexec: jumps to 0x00100000\n");
    jump_to(0x00100000);
    printf("kexec: goes on\n");
    return OK;
}
