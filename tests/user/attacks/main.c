/* main.c - every program of tests/user that does what ring 3 must not, one after the other */
#include <xinu.h>

static const struct {
    const char *program, *argument;
} attacks[] = {
    {"divide", NULL},       {"nullread", NULL},       {"nullwrite", NULL},      {"kread", NULL},
    {"kwrite", NULL},       {"kexec", NULL},          {"textwrite", NULL},      {"window", NULL},
    {"overflow", NULL},     {"brk", "beyond"},        {"privileged", "cli"},    {"privileged", "sti"},
    {"privileged", "hlt"},  {"privileged", "lgdt"},   {"privileged", "movcr3"}, {"privileged", "in"},
    {"privileged", "out"},  {"ports", "wide"},        {"int14", NULL},          {"badseg", NULL},
    {"floating", NULL},     {"flags", "tf"},          {"badptr", "1"},          {"badptr", "kernel"},
    {"badptr", "unmapped"}, {"badptr", "wrap"},       {"badptr", "text"},       {"badptr", "name"},
    {"badstack", "kernel"}, {"badstack", "readonly"}, {"badstack", "full"},
};

process main(void)
{
    for (uint32 i = 0; i < sizeof attacks / sizeof attacks[0]; i++) {
        const char *program = attacks[i].program, *argument = attacks[i].argument;
        uint32 ports = strcmp(program, "ports") == 0 ? CAP_PORTS : 0;
        pid32 pid = upcreatecap(program, INITPRIO + 10, ports, argument != NULL ? 2 : 1, program, argument);

        resume(pid);
        receive(); /* the end of the program */
    }
    printf("attacks: all have ended, and nothing else\n");
    return OK;
}
