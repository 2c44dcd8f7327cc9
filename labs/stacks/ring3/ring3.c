/* ring3.c - makes one system call: which one, and with what, the check says (labs/stacks/checks/stops.c) */
#include <xinu.h>

static uint32 number(const char *text)
{
    uint32 value = 0;

    while (*text != '\0')
        value = value * 10 + *text++ - '0';
    return value;
}

process main(int argc, char *argv[])
{
    uint32 value = argc > 2 ? number(argv[2]) : 0;

    switch (argc > 1 ? argv[1][0] : '0') {
    case '0':
        return getprio(value);
    case '1':
        return recvtime(value);
    case '2':
        return kill(value);
    case '3':
        return send(value, 1);
    default:
        return sleepms(value);
    }
}
