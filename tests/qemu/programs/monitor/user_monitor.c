/* A breakpoint in ring 3: the monitor stops the machine, looks, steps, and lets the process go on. */
#include "../user.h"

process main(void)
{
    pid32 heart = start_heartbeat();

    run_user("breakpoint", NULL, 0);
    kill(heart);
    checks_done();
    return OK;
}
