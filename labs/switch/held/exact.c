/* exact.c - task 2: flags, and many switches */
#include <switch.h>

#define FLAGS (FLAGS_ARITHMETIC | FLAGS_DF | FLAGS_IF)

static void set_clock_mask(byte masked)
{
    byte mask;

    asm volatile("inb $0x21, %0" : "=a"(mask));
    asm volatile("outb %0, $0x21" : : "a"((byte)((mask & ~1) | masked)));
}

/* Both sides have flags of their own: also IF, so no clock interrupt may come on the other stack. */
void check_flags(void)
{
    uint32 i;

    set_clock_mask(1);
    for (i = 0; i < 6; i++) {
        uint32 here = lab_given.number[i] & FLAGS, other = lab_given.number[i + 6] & FLAGS;

        load_numbers(here | FLAGS_FIXED);
        prepare_other(there, other | FLAGS_FIXED);
        across();
        report("EFLAGS of the other %03x, and back %03x", stored_there.flags & FLAGS, stored.flags & FLAGS);
    }
    set_clock_mask(0);
}

static uint32 sum[3], drift, changes, last;

static void one_of_two(uint32 number, uint32 value)
{
    uint32 esp, first, i;

    asm volatile("movl %%esp, %0" : "=r"(first));
    for (i = 0; i < 5000; i++) {
        value = value * 1664525 + number;
        changes += last != number;
        last = number;
        yield();
        asm volatile("movl %%esp, %0" : "=r"(esp));
        drift |= esp - first;
    }
    sum[number] = value;
}

void check_many(void)
{
    chprio(getpid(), PRIORITY_ABOVE + 1);
    resume(create(one_of_two, STACK, PRIORITY_ABOVE, "one", 2, 1, lab_given.number[0]));
    resume(create(one_of_two, STACK, PRIORITY_ABOVE, "two", 2, 2, lab_given.number[1]));
    chprio(getpid(), INITPRIO);
    resched();
    report("%s switches", changes >= 9000 ? "9000 or more" : "fewer than 9000");
    report("results %08x %08x, stack pointers %s", sum[1], sum[2], drift == 0 ? "steady" : "drift");
}
