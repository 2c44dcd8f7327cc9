/* pointers.c - task 8: addresses that programs pass to system calls */
#include "rings.h"

void check_pointers(void)
{
    report("printing its own text: it %s", ending("pointers", "print-own", 0, 0));
    report("printing from address %u: it %s", given(0, 1, 4000), ending("pointers", "print", given(0, 1, 4000), 4));
    report("printing the kernel: it %s", ending("pointers", "print", (uint32)&text, given(1, 1, 40)));
    report("a request in the kernel: it %s", ending("pointers", "request", (uint32)&text, 0));
}

void check_window(void)
{
    report("printing from the window: it %s", ending("pointers", "print", USER_WINDOW + PAGE - 4, 2));
    report("typing into the window: it %s", ending("pointers", "type", USER_WINDOW, given(0, 1, 4)));
    report("typing into its own code: it %s", ending("pointers", "type-code", 0, 4));
}

void check_strings(void)
{
    run_program("pointers", "start", 0, 0);
    report("starting a program by its name: %s", hear_yes());
    await_end_of_program();
    report("its name is in the kernel: it %s", ending("pointers", "start-at", (uint32)&text, 0));
    report("its arguments are nowhere: it %s", ending("pointers", "start-argv", 0x50000000 + 4 * given(0, 0, 9999), 0));
    report("one of them is in the kernel: it %s", ending("pointers", "start-string", (uint32)&text, 0));
}
