/* Two processes that never end in ring 3: one is running when the limit comes, the other is ready there. */
#include <xinu.h>

process main(void)
{
    resume(upcreate("spin", 20, 1, "spin"));
    resume(upcreate("spin", 20, 1, "spin"));
    return OK;
}
