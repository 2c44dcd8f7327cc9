/* xsh_trace.c - trace: the switches and detours while a command runs */
#include "commands.h"

#include <xinu/trace.h>

static void show(const struct traceent *event)
{
    static const char *const detours[] = {
        "",
        "interrupted by the clock, goes on in cbfmanager, for its callback",
        "returns from sleepms() into cbfreturn, for its callback",
        "goes on in its own cbfmanager, for its callback",
    };

    printf("%8u  ", event->trmsec);
    if (event->trkind != TR_SWITCH)
        printf("%21s%d (%s) %s\n", "", event->trpid, event->trname, detours[event->trkind]);
    else
        printf("%4d %-10s  ->  %d (%s)\n", event->trfrom,
               event->trstate == PR_FREE ? "has ended" : state_name(event->trstate), event->trpid, event->trname);
}

static void show_all(struct traceent *events)
{
    int32 count = trace_stop(events, TRACE_EVENTS), i;

    printf("    msec   who stops            who goes on\n");
    for (i = 0; i < count; i++)
        show(&events[i]);
    if (count == TRACE_EVENTS)
        printf("The record is full.\n");
}

/* The words of a line, as one line again. Returns FALSE if they are too long. */
static bool8 join(char *line, int nargs, char *args[])
{
    uint32 length = 0;
    int i;

    for (i = 0; i < nargs; i++) {
        uint32 more = strlen(args[i]);

        if (length + more + 2 > SHELL_BUFLEN)
            return FALSE;
        memcpy(line + length, args[i], more);
        length += more;
        line[length++] = SH_BLANK;
    }
    line[length] = NULLCH;
    return TRUE;
}

DEFINE_COMMAND(trace)
{
    uint32 bytes = TRACE_EVENTS * sizeof(struct traceent);
    struct traceent *events;
    char line[SHELL_BUFLEN];
    shellcmd result;

    if (nargs == 1 || !join(line, nargs - 1, args + 1))
        return usage("trace COMMAND ...");
    events = (struct traceent *)getmem(bytes);
    if (events == (struct traceent *)SYSERR) {
        fprintf(stderr, "There is no memory for it.\n");
        return SHELL_ERROR;
    }
    trace_start();
    result = shell_line(line);
    show_all(events);
    freemem((char *)events, bytes);
    return result;
}
