/* stacks.c - task 5: what becomes of stacks that are freed, of wrong ones, and of large ones */
#include <pages.h>

static const char *verdict(syscall result)
{
    return result == SYSERR ? "refused" : "accepted";
}

void check_unstack(void)
{
    uint32 bytes = given(0, 3, 9) * PAGE;
    char *stack = getstk(bytes), *other = getstk(bytes);

    report("the stack is where stacks are to be: %s", is_for_stacks(stack));
    remember_free();
    report("a page fewer: %s", verdict(freestk(stack, bytes - PAGE)));
    report("a word below: %s", verdict(freestk(stack - 4, bytes)));
    report("a page below: %s", verdict(freestk(stack - PAGE, bytes - PAGE)));
    report("the stack: %s", verdict(freestk(stack, bytes)));
    report("the stack again: %s", verdict(freestk(stack, bytes)));
    report("this process's own: %s", verdict(freestk(proctab[currpid].prstkbase, proctab[currpid].prstklen)));
    report("afterwards %d pages more", -pages_missing());
    report("the other one: %s", verdict(freestk(other, bytes)));
}

static process nothing(void)
{
    return OK;
}

static process waiting(void)
{
    take(1); /* the stack is not all that it owns */
    suspend(currpid);
    return OK;
}

/* More than there are addresses for, if these were not used again. */
void check_returned(void)
{
    uint32 bytes = 0x100000 + given(0, 0, 0x10000), i, failed = 0, elsewhere = 0;

    run(nothing, 0);
    remember_free();
    for (i = 0; i < 700; i++) {
        char *stack = getstk(bytes);
        elsewhere += strcmp(is_for_stacks(stack), "no") == 0;
        failed += freestk(stack, bytes) == SYSERR;
    }
    report("large stacks taken and freed: %u, in vain: %u, where stacks are not to be: %u", i, failed, elsewhere);
    for (i = 0; i < 300; i++)
        run(nothing, 0);
    report("after %u processes: %d pages fewer", i, pages_missing());
}

/* Each page is touched before, so that the CPU could remember where it was. */
void check_freed(void)
{
    uint32 pages = given(0, 3, 9), page = given(1, 1, pages), address;
    char *stack = getstk(pages * PAGE);
    pid32 pid;

    address = (uint32)stack + 4 - page * PAGE;
    report("page %u of a stack: %s", page, writing(address));
    prepare_reading(address);
    freestk(stack, pages * PAGE);
    report("after freestk(): %s", prepared_reading());

    pid = run(waiting, 0);
    address = (uint32)proctab[pid].prstkbase;
    report("the stack of a process, while it waits: %s", reading(address));
    prepare_reading(address);
    kill(pid);
    freepages(); /* returns when all is freed */
    report("when it has ended: %s", prepared_reading());
}

void check_wide(void)
{
    uint32 pages = given(0, 2, 9);
    uint32 low = (uint32)getstk(pages * PAGE) + 4 - pages * PAGE, i, reached = 0;

    getstk(pages * PAGE);
    for (i = 1; i <= 6; i++)
        reached += strcmp(reading(low - i * PAGE), "goes on") == 0;
    report("of the six pages below a stack, %u can be read", reached);
}

void check_large(void)
{
    uint32 pages = given(0, 600, 900);
    char *stack, *low;

    remember_free();
    stack = getstk(pages * PAGE);
    low = stack + 4 - pages * PAGE;
    report("a stack of %u pages: %d pages fewer", pages, pages_missing());
    report("it is where stacks are to be: %s", is_for_stacks(low));
    mark(low, pages, lab_given.number[1]);
    report("pages that differ from what was written: %u", count_changed(low, pages, lab_given.number[1]));
    freestk(stack, pages * PAGE);
    report("freed: %d pages fewer", pages_missing());
}
