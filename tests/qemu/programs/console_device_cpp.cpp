// The device calls beside the C++ library's own declarations of the same names.
#include <cstdio>

#include <xinu.h>

extern "C" process main()
{
    char line[8];
    control(CONSOLE, TC_NOECHO, 0, 0);
    if (read(CONSOLE, line, sizeof line) != 3 || getc(CONSOLE) != EOF)
        kprintf("wrong\n");
    fputs("\ndevice", CONSOLE);
    putc(CONSOLE, ' ');
    write(CONSOLE, line, 2);
    fprintf(CONSOLE, " %d\n", 5);
    return OK;
}
