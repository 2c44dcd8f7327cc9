/* calls.c - task 7: system calls by int $0x30. Which they are, is in ../ring3/calls.c. */
#include "rings.h"

void check_calls(void)
{
    run_program("calls", "calls", given(0, 1, 999999), 0);
    report("getpid() is right: %s", hear_yes());
    report("uptime() is right: %s", hear_yes());
    report("send() sends %u", hear());
    report("sleepms(3) returns %d", (int)hear());
    report("sleepms(-1) returns %d", (int)hear());
}

void check_unknown(void)
{
    uint32 i;

    run_program("calls", "unknown", given(0, SYSTEM_CALL_COUNT, 0x7fffffff), 0);
    for (i = 0; i < 7; i++)
        report("unknown number %u: %d", i, (int)hear());
    report("then it %s", hear() == GOES_ON ? "goes on" : "is lost");
}

void check_registers(void)
{
    static const char *const names[] = {"ebx", "ecx", "edx", "esi", "edi", "ebp"};
    uint32 i;

    run_program("calls", "registers", lab_given.number[0], 0);
    for (i = 0; i < 6; i++)
        report("%s %08x", names[i], hear());
    report("esp: %d bytes off", (int)hear());
}
