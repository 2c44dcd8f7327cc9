/* pointers.c - task 8: where memory ends */
#include <rings.h>

#define STACK_LOW (USER_STACK_END - USER_STACK_BYTES)

void check_ranges(void)
{
    report("no byte at all, in the kernel: it %s", ending("pointers", "print", (uint32)&text, 0));
    report("what is not there: it %s", ending("pointers", "print", 0x50000000 + given(0, 0, 0x0fffffff), 1));
    report("below the stack: it %s", ending("pointers", "print", STACK_LOW - 4, 4));
    report("to the end of user space and one byte further: it %s",
           ending("pointers", "print", USER_END - given(1, 1, 90), 91));
    report("around all addresses: it %s", ending("pointers", "print-wrap", given(2, 1, 1000), 0));
    report("to the end of the heap: it %s", ending("pointers", "print-end", 60, 60));
    report("one byte further: it %s", ending("pointers", "print-end", given(3, 1, 60), given(3, 1, 60) + 1));
}

static void report_result(const char *what, const char *how, uint32 number)
{
    int result;

    run_program("pointers", how, number, 0);
    result = hear();
    report("%s: %s", what, result == 1 ? "starts" : result == 0 ? "is refused" : "ends the caller");
    await_end_of_program();
}

static void report_ending(const char *what, const char *how, uint32 number)
{
    report("%s: it %s", what, ending("pointers", how, number, 0));
}

void check_names(void)
{
    report_result("a name that ends with the heap", "name-at-end", 0);
    report_ending("one without its NUL", "name-at-end", 1);
    report_result("one of 63 characters, which no program has", "long-name", 63);
    report_result("one of 64", "long-name", 64);
    report_result("one of many", "long-name", given(0, 65, 3000));
}

/* A range that ends at the end of the heap, or up to two pages before it or behind it. */
void check_every(void)
{
    uint32 i, number = lab_given.number[0], right = 0;

    for (i = 0; i < 60; i++) {
        uint32 before, count;

        number = next(number);
        before = 1 + (number >> 8) % 200;
        before += i % 4 == 0 ? PAGE : 0;
        count = before + (i % 3) - 1;
        right += strcmp(ending("pointers", "print-end", before, count), count <= before ? "goes on" : "is ended") == 0;
    }
    report("of %u ranges around the end of the heap, %u are judged as they are to be", i, right);
}
