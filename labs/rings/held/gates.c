/* gates.c - task 4: what ring 3 may not do, and what comes of it */
#include <exceptions.h>

void check_softint(void)
{
    uint32 i;

    watch_exceptions();
    for (i = 0; i < 6; i++) {
        uint32 vector = i == 0 ? 14 : i == 1 ? 32 : given(i, 0x31, 255);

        forget_exceptions();
        ending("faults", "int", vector, 0);
        report("int %u: exception %u, error code %x", vector, seen.vector, seen.error);
    }
    forget_exceptions();
    ending("faults", "int", 3, 0);
    report("int 3: exception %u", seen.vector);
}

void check_esp0(void)
{
    uint32 i;

    watch_exceptions();
    for (i = 0; i < 3; i++) {
        ending("faults", i == 1 ? "int" : "divide", i == 1 ? 3 : 0, 0);
        report("exception %u: SS is pushed %u bytes below prstkbase", seen.vector, seen.below);
    }
}

void check_privileged(void)
{
    static const char *const instructions[] = {"cli", "sti", "hlt", "lgdt", "movcr3", "in", "out"};
    uint32 i;

    watch_exceptions();
    for (i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
        const char *how;

        forget_exceptions();
        how = ending("faults", instructions[i], 0, 0);
        report("%s: exception %u, and it %s", instructions[i], seen.vector, how);
    }
}
