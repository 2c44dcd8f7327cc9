/* rings.c - see rings.h */
#include "rings.h"

#define PATIENCE 200 /* msec */
#define LOW_IDS 60

static process nothing(void)
{
    return OK;
}

/* Takes the low ids, so that the end of a process, which sends its id, looks like no result of a call. */
static void take_low_ids(void)
{
    while (create(nothing, 1024, 1, "taken", 0) < LOW_IDS)
        ;
}

pid32 prepare_with(uint32 capabilities, const char *program, const char *what, uint32 first, uint32 second)
{
    static bool8 taken;
    char parent[12], text[2][12];

    if (!taken)
        take_low_ids();
    taken = TRUE;
    snprintf(parent, sizeof parent, "%d", getpid());
    snprintf(text[0], sizeof text[0], "%u", first);
    snprintf(text[1], sizeof text[1], "%u", second);
    return upcreatecap(program, PRIORITY_ABOVE, capabilities, 5, program, parent, what, text[0], text[1]);
}

pid32 prepare_program(const char *program, const char *what, uint32 first, uint32 second)
{
    return prepare_with(0, program, what, first, second);
}

pid32 run_program(const char *program, const char *what, uint32 first, uint32 second)
{
    pid32 pid = prepare_program(program, what, first, second);

    recvclr();
    resume(pid);
    return pid;
}

umsg32 hear(void)
{
    return recvtime(PATIENCE);
}

const char *hear_yes(void)
{
    return yes(hear() == 1);
}

void await_end_of_program(void)
{
    umsg32 message;

    do
        message = hear();
    while (message != GOES_ON && message != (umsg32)TIMEOUT);
}

const char *ending_of(pid32 pid)
{
    if (pid == SYSERR)
        return "is not created";
    recvclr();
    resume(pid);
    for (;;) {
        umsg32 message = hear();

        if (message == GOES_ON)
            return "goes on";
        if (message == (umsg32)TIMEOUT)
            return isbadpid(pid) ? "is ended, and nobody is told" : "hangs";
        if (message == (umsg32)pid && isbadpid(pid))
            return "is ended";
    }
}

const char *ending(const char *program, const char *what, uint32 first, uint32 second)
{
    return ending_of(prepare_program(program, what, first, second));
}

const char *yes(int is_true)
{
    return is_true ? "yes" : "no";
}

uint32 next(uint32 number)
{
    return number * 1664525 + 1013904223;
}

const char *words(const char *text)
{
    return text == NULL ? "nothing" : text;
}
