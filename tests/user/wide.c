/* wide.c - large from the start: 20 MiB of memory, of which it uses one byte */
#include <xinu.h>

static char bytes[20 << 20];

int main(void)
{
    bytes[0] = 1;
    return OK;
}
