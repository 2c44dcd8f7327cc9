/* v86.c - sets VM in the EFLAGS of an iret, with other flags: argv[1] says which. A real CPU ignores it; QEMU
 * does not. */
#include <xinu.h>

#define FIXED 0x2
#define IF 0x200
#define IOPL 0x3000
#define VM 0x20000
#define VIF 0x80000
#define VIP 0x100000
#define ID 0x200000

static const struct {
    const char *name;
    uint32 flags;
} cases[] = {{"plain", IF}, {"virtual", IF | VIF | VIP}, {"masked", IOPL | ID}};

/* The words of an iret to virtual-8086 mode: EIP, CS, EFLAGS, ESP, SS, ES, DS, FS, GS. */
static void return_with(uint32 flags)
{
    asm volatile("pushl $0; pushl $0; pushl $0; pushl $0\n\t"
                 "pushl $0x1000; pushl $0x1000\n\t"
                 "pushl %0\n\t"
                 "pushl $0x1000; pushl $0x8\n\t"
                 "iret"
                 :
                 : "r"(flags));
}

process main(int argc, char **argv)
{
    for (uint32 i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (argc > 1 && strcmp(argv[1], cases[i].name) == 0) {
            printf("v86: %s\n", argv[1]);
            return_with(FIXED | VM | cases[i].flags);
        }
    printf("v86: goes on\n");
    return OK;
}
