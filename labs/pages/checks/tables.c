/* tables.c - task 4: what the kernel's page tables allow. Each address is touched by a process of its own. */
#include "pages.h"

static uint32 variable;
static const uint32 constant = 7;

void check_null(void)
{
    report("reading address 0: %s", reading(0));
    report("writing address %u: %s", given(0, 1, PAGE - 1), writing(given(0, 1, PAGE - 1)));
    report("writing a variable: %s", writing((uint32)&variable));
}

void check_text(void)
{
    report("reading code: %s", reading((uint32)check_text));
    report("writing code: %s", writing((uint32)check_text));
    report("reading a constant: %s", reading((uint32)&constant));
    report("writing a constant: %s", writing((uint32)&constant));
    report("writing a variable: %s", writing((uint32)&variable));
}
