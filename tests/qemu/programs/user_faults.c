/* Ring-3 programs that do what they must not: each is reported and ended, and all others continue. */
#include "user.h"

static const struct {
    const char *program, *argument;
} cases[] = {
    {"divide", NULL},       {"int14", NULL},          {"badseg", NULL},         {"nullread", NULL},
    {"nullwrite", NULL},    {"kread", NULL},          {"kwrite", NULL},         {"kexec", NULL},
    {"textwrite", NULL},    {"privileged", "cli"},    {"privileged", "sti"},    {"privileged", "hlt"},
    {"privileged", "lgdt"}, {"privileged", "movcr3"}, {"privileged", "in"},     {"privileged", "out"},
    {"flags", "tf"},        {"overflow", NULL},       {"window", NULL},         {"brk", "beyond"},
    {"badptr", "1"},        {"badptr", "kernel"},     {"badptr", "unmapped"},   {"badptr", "guard"},
    {"badptr", "wrap"},     {"badptr", "end"},        {"badptr", "text"},       {"badptr", "window"},
    {"badptr", "request"},  {"badptr", "name"},       {"badptr", "argv"},       {"badstack", "null"},
    {"badstack", "kernel"}, {"badstack", "unmapped"}, {"badstack", "readonly"}, {"badstack", "window"},
    {"badstack", "top"},    {"badstack", "full"},     {"badstack", "nearly"},   {"badstack", "enough"},
    {"floating", NULL},     {"bigarray", "48"},       {"bigarray", "64"},       {"bigarray", "1024"},
    {"bigarray", "102400"},
};

process main(void)
{
    pid32 heart = start_heartbeat();

    for (uint32 i = 0; i < sizeof cases / sizeof cases[0]; i++)
        run_user(cases[i].program, cases[i].argument, 0);
    kill(heart);
    checks_done();
    return OK;
}
