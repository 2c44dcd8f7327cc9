/* flags_sysenter.c - like flags.c, but by sysenter, which does not clear them: not even TF */
#include <xinu.h>

static const struct {
    const char *name;
    uint32 flags;
} cases[] = {{"df", 0x400}, {"nt", 0x4000}, {"ac", 0x40000}, {"tf", 0x100}};

/* Makes a call with these flags set in addition. Returns its result, and the flags after it. */
static uint32 call_with(uint32 flags, uint32 number, uint32 *after)
{
    uint32 result;

    asm volatile("pushl %%ebx\n\t"
                 "pushl $0x202\n\t"
                 "orl %%ebx, (%%esp)\n\t"
                 "movl %%esp, %%ecx\n\t"
                 "addl $4, %%ecx\n\t"
                 "movl $1f, %%edx\n\t"
                 "popfl\n\t"
                 "sysenter\n"
                 "1:\tpushfl\n\t"
                 "popl %%ecx\n\t"
                 "pushl $0x202\n\t"
                 "popfl\n\t"
                 "popl %%ebx"
                 : "=a"(result), "=&c"(*after)
                 : "0"(number), "b"(flags)
                 : "edx", "memory", "cc");
    return result;
}

process main(void)
{
    for (uint32 i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32 flags = cases[i].flags, after, none_after;
        uint32 pid = call_with(flags, 0, &after);
        uint32 none = call_with(flags, SYSTEM_CALL_COUNT, &none_after); /* returns by iret */
        printf("flags_sysenter: %s: result %s, has %#x of them; no call %d, has %#x of them\n", cases[i].name,
               pid == (uint32)getpid() ? "right" : "wrong", after & flags, (int)none, none_after & flags);
    }
    return OK;
}
