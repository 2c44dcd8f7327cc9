/* Prints more than the terminal's buffer holds, for a test whose end of the serial line takes its time; two processes
 * write, a third works meanwhile. Then text of kprintf() and of printf() in turn. */
#include <xinu.h>

static volatile uint32 work;
static volatile int32 writers = 2;

static process writer(char letter)
{
    for (int32 line = 0; line < 100; line++)
        printf("%c%03d %s\n", letter, line, "0123456789012345678901234567890123456789");
    writers--;
    return OK;
}

static process worker(void)
{
    while (writers != 0)
        work++;
    return OK;
}

process main(void)
{
    resume(create(worker, 4096, 10, "worker", 0));
    resume(create(writer, 4096, 30, "a", 1, 'a'));
    resume(create(writer, 4096, 30, "b", 1, 'b'));
    for (int32 i = 0; i < 3; i++)
        receive();
    kprintf("worked %d\n", work > 0);
    for (int32 i = 0; i < 5; i++) {
        printf("printf %d, ", i);
        kprintf("kprintf %d\n", i);
    }
    disable();
    for (int32 i = 0; i < 60; i++)
        printf("masked %02d 0123456789012345678901234567890123456789\n", i);
    printf("the end\n");
    return OK;
}
