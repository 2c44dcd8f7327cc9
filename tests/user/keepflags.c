/* keepflags.c - keeps certain flags set for many ticks: argv[1] says which. None of them is lost, and none of
 * another process appears. */
#include <xinu.h>

#define FIXED_AND_IF 0x202
#define SYSTEM_FLAGS 0x3F7500 /* TF DF IOPL NT RF VM AC VIF VIP ID */
#define NT_AC_ID 0x244000
#define ITERATIONS 1000000

/* Returns the flags that differ afterwards. */
static uint32 changed_while_working(uint32 flags)
{
    uint32 after, iterations = ITERATIONS;

    asm volatile("pushl %2\n\t"
                 "popfl\n"
                 "1:\tdecl %1\n\t"
                 "jnz 1b\n\t"
                 "pushfl\n\t"
                 "popl %0\n\t"
                 "pushl %3\n\t"
                 "popfl"
                 : "=&r"(after), "+r"(iterations)
                 : "r"(flags), "i"(FIXED_AND_IF)
                 : "cc", "memory");
    return (after ^ flags) & SYSTEM_FLAGS;
}

process main(int argc, char **argv)
{
    uint32 flags = argc > 1 && strcmp(argv[1], "all") == 0 ? NT_AC_ID : 0;
    uint32 changed = changed_while_working(flags | FIXED_AND_IF);

    printf("keepflags: changed %x\n", changed);
    return OK;
}
