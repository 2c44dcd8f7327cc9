/* space.c - task 3: the directory of a process, entry by entry */
#include <rings.h>

/* The kernel's own: which directory each process has. */
extern struct {
    uint32 directory;
    uint16 fs, gs;
    byte *ports;
} user_registers[] asm("_ZN6detour14user_registersE");

#define SPAN 0x400000u /* of an entry of the directory */
#define PRESENT 1
#define MARKS 0xe60u /* what the CPU, or nobody, writes: accessed, dirty, available */

static uint32 count_others(const uint32 *directory, const uint32 *kernel, uint32 begin, uint32 end)
{
    uint32 i, count = 0;

    for (i = begin; i < end; i++)
        count += ((directory[i] ^ kernel[i]) & ~MARKS) != 0;
    return count;
}

void check_directory(void)
{
    pid32 pid = prepare_program("memory", "nothing", 0, 0);
    const uint32 *kernel, *directory;
    uint32 i, shared = 0;

    if (pid == SYSERR)
        return;
    asm volatile("movl %%cr3, %0" : "=r"(kernel));
    directory = (const uint32 *)user_registers[pid].directory;
    report("entries below its space that are not the kernel's: %u",
           count_others(directory, kernel, 0, USER_BEGIN / SPAN));
    report("entries above: %u", count_others(directory, kernel, USER_END / SPAN, 1024));
    for (i = USER_BEGIN / SPAN; i < USER_END / SPAN; i++)
        shared += (kernel[i] & PRESENT) != 0 || ((directory[i] & PRESENT) != 0 && directory[i] == kernel[i]);
    report("entries of its space that the kernel's has, too: %u", shared);
}
