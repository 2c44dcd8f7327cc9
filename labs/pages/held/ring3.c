/* ring3.c - task 6: memory that a program has given back, and the addresses that it passes */
#include <pages.h>
#include <xinu/userspace.h>

void check_shrink(void)
{
    uint32 i;

    ending("shrink", 8);
    remember_free();
    for (i = 0; i < 3; i++)
        report("using page %u after giving back 8: %s", given(i, 0, 7), ending("shrink", given(i, 0, 7)));
    report("afterwards %d pages fewer", pages_missing());
    report("using the last page that it has: %s", ending("shrink", 8));
}

void check_pointers(void)
{
    report("printing its code: %s", ending("print", USER_BEGIN));
    report("printing the window: %s", ending("print", USER_WINDOW));
    report("printing kernel memory: %s", ending("print", (uint32)&text));
    report("printing what is not mapped: %s", ending("print", 0x50000000 + PAGE * given(0, 0, 0xffff)));
    report("printing from the end of its stack on: %s", ending("print", USER_STACK_END - 2));
    report("typing into its code: %s", ending("type", USER_BEGIN));
    report("typing into the window: %s", ending("type", USER_WINDOW));
}
