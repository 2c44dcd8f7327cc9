/* record.c - a callback overwrites the saved registers of its detour with ring 0, IOPL 3 and masked
 * interrupts */
#include <xinu.h>

#define EFLAGS_IF 0x200
#define EFLAGS_IOPL 0x3000
#define EFLAGS_VM 0x20000

/* The stack from the callback's frame upwards; see kernel/user/detour.hpp. */
struct detour_stack {
    uint32 callers_ebp;
    uint32 return_address; /* into the return page */
    uint32 claimed[3];
    uint32 pushal[8];
    uint32 ip, cs, ef;
};

static volatile int written;

static void on_alarm(void)
{
    struct detour_stack *stack = __builtin_frame_address(0);

    stack->cs = 0x08;
    stack->ef = (stack->ef & ~EFLAGS_IF) | EFLAGS_IOPL | EFLAGS_VM;
    written = TRUE;
}

process main(void)
{
    uint32 flags;
    uint16 cs;

    cbsignal(CB_ALARM, on_alarm, 2);
    while (!written)
        ;
    asm volatile("pushfl; popl %0; movw %%cs, %1" : "=r"(flags), "=r"(cs));
    printf("record: CS %x, interrupts %u, IOPL %u\n", cs, (flags & EFLAGS_IF) != 0, (flags & EFLAGS_IOPL) >> 12);
    return OK;
}
