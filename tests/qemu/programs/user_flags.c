/* A ring-3 program that enters the kernel by sysenter with flags that would hurt the kernel */
#include "user.h"

process main(void)
{
    pid32 heart = start_heartbeat();

    run_user("flags_sysenter", NULL, 0);
    kill(heart);
    checks_done();
    return OK;
}
