/* badptr.c - passes a bad pointer to a system call: argv[1] says which */
#include <xinu.h>

static char buffer[16] = "not to be seen\n";

/* The last bytes of the program's memory: the next page is not mapped. */
static char *last_bytes(uint32 count)
{
    return (char *)(((uint32)&end + 4095) & ~(uint32)4095) - count;
}

static int32 pass(const char *which)
{
    if (strcmp(which, "1") == 0)
        return write(CONSOLE, (char *)1, 5);
    if (strcmp(which, "kernel") == 0)
        return write(CONSOLE, (char *)0x00100000, 5);
    if (strcmp(which, "unmapped") == 0)
        return write(CONSOLE, (char *)0x50000000, 5);
    if (strcmp(which, "guard") == 0)
        return write(CONSOLE, (char *)(USER_STACK_END - USER_STACK_BYTES - 4), 4);
    if (strcmp(which, "wrap") == 0)
        return write(CONSOLE, buffer, 0xFFFFFFF0);
    if (strcmp(which, "end") == 0)
        return write(CONSOLE, last_bytes(8), 16);
    if (strcmp(which, "text") == 0) /* read() writes to it */
        return read(CONSOLE, (char *)&text, 4);
    if (strcmp(which, "window") == 0)
        return read(CONSOLE, (char *)USER_WINDOW, 4);
    if (strcmp(which, "request") == 0)
        return spawn((const struct spawnrequest *)0x00100000);
    if (strcmp(which, "name") == 0) {
        const struct spawnrequest request = {(char *)0x00100000, INITPRIO, 0, 0, NULL};
        return spawn(&request);
    }
    if (strcmp(which, "argv") == 0) {
        const struct spawnrequest request = {"hello", INITPRIO, 0, 3, (char *const *)1};
        return spawn(&request);
    }
    printf("badptr: there is no case %s\n", which);
    return SYSERR;
}

int main(int argc, char *argv[])
{
    const char *which = argc > 1 ? argv[1] : "1";

    printf("badptr: %s\n", which);
    printf("badptr: goes on with %d\n", pass(which));
    return OK;
}
