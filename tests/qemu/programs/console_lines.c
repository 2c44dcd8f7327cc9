/* Many short lines: where a CR goes before each LF, they are half as long again on the serial line. */
#include <xinu.h>

process main(void)
{
    for (int32 i = 0; i < 20000; i++)
        printf("%d\n", i % 10);
    return OK;
}
