/* flags.c - enters the kernel with flags that would harm it there: argv[1] says which */
#include <xinu.h>

#define TF 0x100
#define DF 0x400
#define IOPL 0x3000
#define NT 0x4000
#define AC 0x40000

static const struct {
    const char *name;
    uint32 flags;
} cases[] = {{"df", DF}, {"iopl", IOPL}, {"nt", NT}, {"ac", AC}, {"tf", TF}};

/* Sets these flags in addition, makes the null call, and returns the flags after it. */
static uint32 call_with(uint32 flags)
{
    uint32 after;

    asm volatile("pushfl\n\t"
                 "orl %1, (%%esp)\n\t"
                 "popfl\n\t"
                 "int $0x30\n\t"
                 "pushfl\n\t"
                 "popl %0\n\t"
                 "pushl $0x202\n\t"
                 "popfl"
                 : "=r"(after)
                 : "r"(flags), "a"(0)
                 : "memory");
    return after;
}

int main(int argc, char *argv[])
{
    const char *which = argc > 1 ? argv[1] : "df";

    for (uint32 i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (strcmp(which, cases[i].name) == 0) {
            printf("flags: %s\n", which);
            printf("flags: has %#x of them\n", call_with(cases[i].flags) & cases[i].flags);
        }
    return OK;
}
