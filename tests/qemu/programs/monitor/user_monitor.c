/* A breakpoint in ring 3: the monitor stops the machine, looks, steps, and lets the process go on. */
#include "../user.h"

process main(void)
{
    pid32 heart = start_heartbeat();

    control(CONSOLE, TC_NOECHO, 0, 0); /* a key that arrives late would be shown in the midst of the monitor's text */
    run_user("breakpoint", NULL, 0);
    kill(heart);
    checks_done();
    return OK;
}
