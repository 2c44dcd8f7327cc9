/* xsh_time.c - date, uptime, sleep, exit, poweroff */
#include "commands.h"

DEFINE_COMMAND(date)
{
    uint32 now;
    char text[32];

    (void)args;
    if (nargs != 1)
        return usage("date");
    if (getutime(&now) == SYSERR) {
        fprintf(stderr, "This machine has no clock that says the date.\n");
        return SHELL_ERROR;
    }
    ascdate(now, text);
    printf("%s UTC\n", text);
    return SHELL_OK;
}

DEFINE_COMMAND(uptime)
{
    uint32 seconds = clktime;

    (void)args;
    if (nargs != 1)
        return usage("uptime");
    printf("%u days, %u:%02u:%02u\n", seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    return SHELL_OK;
}

DEFINE_COMMAND(sleep)
{
    uint32 seconds;

    if (nargs != 2 || !is_number(args[1], &seconds) || seconds > MAXSECONDS)
        return usage("sleep SECONDS");
    sleep((int32)seconds);
    return SHELL_OK;
}

DEFINE_COMMAND(exit)
{
    (void)args;
    return nargs == 1 ? SHELL_EXIT : usage("exit");
}

DEFINE_COMMAND(poweroff)
{
    (void)args;
    if (nargs != 1)
        return usage("poweroff");
    halt();
}
