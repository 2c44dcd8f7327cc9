/* Never ends by itself. */
#include <xinu.h>

process main(void)
{
    kprintf("spinning\n");
    for (;;) {
    }
}
