/* space.c - task 3: programs at the same addresses, each with memory of its own */
#include "rings.h"

void check_apart(void)
{
    uint32 place[3], i;
    pid32 pid[3];

    for (i = 0; i < 3; i++) {
        pid[i] = run_program("memory", "turns", given(i, 1, 999999), 0);
        place[i] = hear();
    }
    report("all have a variable at one address: %s", yes(place[0] == place[1] && place[1] == place[2]));
    for (i = 0; i < 3; i++) {
        send(pid[i], 0);
        report("in that of number %u is %u", i, hear());
        await_end_of_program();
    }
}

/* The clock switches between them, again and again. */
void check_between(void)
{
    uint32 i, wrong = 0, ended = 0;

    chprio(getpid(), PRIORITY_ABOVE + 1);
    for (i = 0; i < 3; i++)
        resume(prepare_program("memory", "keep", given(i, 1, 999999), given(3, 40, 60)));
    chprio(getpid(), INITPRIO);
    while (ended < 3) {
        umsg32 message = hear();

        if (message == (umsg32)TIMEOUT)
            break;
        ended += message == GOES_ON;
        wrong += message > GOES_ON;
    }
    report("programs that have come to their end: %u", ended);
    report("they found another value: %s", yes(wrong));
}
