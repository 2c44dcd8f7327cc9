/* faults.c - tasks 5 and 6: programs that do what they must not do */
#include "exceptions.h"

static volatile uint32 kernel_word = 4711;

void check_divide(void)
{
    report("a program divides by 0: it %s", ending("faults", "divide", 0, 0));
    report("one loads ES with the kernel's stack segment: it %s", ending("faults", "segment", 0x10, 0));
    report("one does nothing wrong: it %s", ending("faults", "nothing", 0, 0));
}

void check_faults(void)
{
    report("reading address 0: it %s", ending("faults", "read", 0, 0));
    report("writing address %u: it %s", given(0, 1, 4095), ending("faults", "write", given(0, 1, 4095), 0));
    report("reading the kernel's code: it %s", ending("faults", "read", (uint32)&text, 0));
    report("writing a variable of the kernel: it %s", ending("faults", "write", (uint32)&kernel_word, 0));
    report("jumping into the kernel: it %s", ending("faults", "execute", (uint32)&text, 0));
    report("the variable is %u", kernel_word);
}

static void report_fault(const char *what, const char *how, uint32 address)
{
    forget_exceptions();
    ending("faults", how, address, 0);
    report("%s: %s", what, words(seen.access));
}

static void report_reason(const char *what, const char *how, uint32 address)
{
    forget_exceptions();
    ending("faults", how, address, 0);
    report("%s: %s", what, words(seen.reason));
}

void check_access(void)
{
    uint32 nowhere = 0x50000000 + given(0, 0, 0x0fffffff);

    watch_exceptions();
    report_fault("reading what is not there", "read", nowhere);
    report_fault("writing there", "write", nowhere);
    report_fault("jumping there", "execute", nowhere);
    report_fault("reading the kernel's code", "read", (uint32)&text + given(1, 0, 1000));
    report_fault("writing the program's own code", "write-code", 0);
}

void check_reason(void)
{
    watch_exceptions();
    report_reason("reading address 0", "read", 0);
    report_reason("writing into page 0", "write", given(0, 1, 4095));
    report_reason("reading the kernel's code", "read", (uint32)&text + given(1, 0, 1000));
    report_reason("writing a variable of the kernel", "write", (uint32)&kernel_word);
    report_reason("writing the program's own code", "write-code", 0);
    report_reason("reading what is not there", "read", 0x50000000 + given(2, 0, 0x0fffffff));
}
