/*
 * 10,000 bytes are typed at once: into a process that reads lines, or, if the first line is "busy", into one that
 * computes for a while before it reads. Prints how many lines and bytes there were, and their sum.
 */
#include <xinu.h>

static uint32 sum(const char *text, int32 length, uint32 start)
{
    for (int32 i = 0; i < length; i++)
        start = start * 31 + text[i];
    return start;
}

process main(void)
{
    char line[128];
    uint32 lines = 0, bytes = 0, all = 0;
    int32 length;

    control(CONSOLE, TC_NOECHO, 0, 0);
    kprintf("paste\n");
    length = read(CONSOLE, line, sizeof line);
    if (strncmp(line, "busy", 4) == 0)
        for (uint32 until = clkcountermsec + 1500; (int32)(until - clkcountermsec) > 0;)
            ;
    while ((length = read(CONSOLE, line, sizeof line)) > 0) {
        lines += line[length - 1] == '\n';
        bytes += length;
        all = sum(line, length, all);
    }
    printf("%u lines, %u bytes, sum %u\n", lines, bytes, all);
    return OK;
}
