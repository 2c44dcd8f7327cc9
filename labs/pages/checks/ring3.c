/* ring3.c - task 6: programs in page tables of their own. They are in ../ring3; what they do, they send. */
#include "pages.h"
#include <xinu/userspace.h>

pid32 run_program(const char *what, uint32 number)
{
    char parent[12], text[12];
    pid32 pid;

    snprintf(parent, sizeof parent, "%d", getpid());
    snprintf(text, sizeof text, "%d", (int)number);
    pid = upcreate("pages", PRIORITY_ABOVE, 4, "pages", parent, what, text);
    resume(pid);
    return pid;
}

void check_program(void)
{
    uint32 number = given(0, 1, 1000000);

    run_program("sum", number);
    report("the program sends %u", recvclr());
}

void check_apart(void)
{
    uint32 number[] = {given(0, 1, 1000000), given(1, 1, 1000000)}, place[2], i;
    pid32 pid[2];

    for (i = 0; i < 2; i++) {
        pid[i] = run_program("keep", number[i]);
        place[i] = recvclr();
    }
    report("both have a variable at %s", place[0] == place[1] ? "one address" : "two addresses");
    for (i = 0; i < 2; i++) {
        send(pid[i], 0);
        report("in that of number %u is %u", i, recvclr());
    }
}

const char *ending(const char *what, uint32 number)
{
    pid32 pid;

    recvclr();
    pid = run_program(what, number);
    if (recvclr() == GOES_ON)
        return "goes on";
    return isbadpid(pid) ? "is ended" : "hangs";
}

void check_guarded(void)
{
    report("reading its code: %s", ending("read", USER_BEGIN));
    report("writing its code: %s", ending("write", USER_BEGIN));
    report("reading the kernel's code: %s", ending("read", (uint32)&text));
    report("writing the kernel's variables: %s", ending("write", (uint32)&lab_given));
    report("reading address 0: %s", ending("read", 0));
    report("writing the byte below its stack: %s", ending("write", USER_STACK_END - USER_STACK_BYTES - 1));
}
