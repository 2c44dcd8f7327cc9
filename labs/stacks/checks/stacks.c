/* stacks.c - see stacks.h */
#include "stacks.h"

/* The linker's names of where kernel code is: see arch/x86/boot/kernel.ld. */
extern char kernel_text[] asm("kernel.text"), kernel_end[] asm("kernel.own_etext");
extern char library_text[] asm("kernel.library_text"), library_end[] asm("kernel.library_etext");

int iskernelcode(uint32 address)
{
    int library = address >= (uint32)library_text && address < (uint32)library_end;

    return address >= (uint32)kernel_text && address < (uint32)kernel_end && !library;
}

int isin(uint32 address, const char *function)
{
    uint32 offset;
    const char *name = funcname(address, &offset);

    return name != NULL && strcmp(name, function) == 0;
}
