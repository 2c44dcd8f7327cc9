/* Keys are typed while the terminal's buffer of output is full. A process prints until all of them have been read. */
#include <xinu.h>

#define KEYS 2000

static volatile int32 left = KEYS;

static process writer(void)
{
    while (left != 0)
        printf("0123456789012345678901234567890123456789\n");
    return OK;
}

process main(void)
{
    const pid32 talker = create(writer, 4096, INITPRIO - 10, "writer", 0);

    resume(talker);
    while (left != 0)
        if (getc(CONSOLE) == 'Q')
            left--;
    kprintf("read all\n");
    kill(talker);
    return OK;
}
