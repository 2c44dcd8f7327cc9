/* A breakpoint in a kernel without the monitor ends the process, like every exception. */
#include "user.h"

process main(void)
{
    pid32 heart = start_heartbeat();

    run_user("breakpoint", NULL, 0);
    kill(heart);
    checks_done();
    return OK;
}
