/* The terminal: modes, what is echoed, end of the data, the interrupt. */
#include "check.h"

/* Waits, without reading, until so many characters can be read. */
static void typed(int32 count)
{
    while (control(CONSOLE, TC_ICHARS, 0, 0) < count)
        sleepms(1);
}

/* Typed: "cooked" with a correction, Enter; "rest", Ctrl-D. */
static void check_cooked(void)
{
    char line[32];
    CHECK(read(CONSOLE, line, sizeof line) == 7 && strncmp(line, "cooked\n", 7) == 0);
    CHECK(read(CONSOLE, line, sizeof line) == 4 && strncmp(line, "rest", 4) == 0);
    CHECK(control(CONSOLE, 7, 0, 0) == SYSERR && control(CONSOLE, TC_INTR, NPROC, 0) == SYSERR);
}

/* Typed: "raw", Ctrl-D, Ctrl-C, Ctrl-S, CR. */
static void check_raw(void)
{
    char line[32];
    CHECK(control(CONSOLE, TC_MODER, 0, 0) == OK);
    kprintf("type raw\n");
    CHECK(read(CONSOLE, line, 7) == 7 && strncmp(line, "raw\x04\x03\x13\r", 7) == 0);
    CHECK(control(CONSOLE, TC_ICHARS, 0, 0) == 0 && read(CONSOLE, line, 0) == 0);
}

/* Typed: "keys", Backspace, without an echo. */
static void check_cbreak(void)
{
    char line[32];
    CHECK(control(CONSOLE, TC_MODEK, 0, 0) == OK && control(CONSOLE, TC_NOECHO, 0, 0) == OK);
    kprintf("type cbreak\n");
    CHECK(control(CONSOLE, TC_NEXTC, 0, 0) == 'k' && getc(CONSOLE) == 'k');
    typed(4);
    CHECK(read(CONSOLE, line, 0) == 4 && strncmp(line, "eys\b", 4) == 0);
    CHECK(control(CONSOLE, TC_ECHO, 0, 0) == OK);
}

static void endless(void)
{
    for (;;)
        ;
}

/*
 * Typed: "ahead", Enter, "lost", Ctrl-C, "behind", Enter. As a shell would: the command is ended when the message for
 * it comes, and what was typed for it is gone.
 */
static void check_interrupt(void)
{
    char line[32];
    pid32 pid = create(endless, 4096, 10, "endless", 0);
    CHECK(control(CONSOLE, TC_MODEC, 0, 0) == OK && control(CONSOLE, TC_INTR, currpid, 4711) == OK);
    resume(pid);
    kprintf("type interrupt\n");
    CHECK(receive() == 4711 && kill(pid) == OK && receive() == (umsg32)pid);
    CHECK(read(CONSOLE, line, sizeof line) == 1 && line[0] == '\n');
    CHECK(read(CONSOLE, line, sizeof line) == 7 && strncmp(line, "behind\n", 7) == 0);
    CHECK(control(CONSOLE, TC_INTR, 0, 0) == OK);
}

/* Typed: "na", Tab; and then a space, Enter. */
static void check_tab(void)
{
    char line[32];
    CHECK(control(CONSOLE, TC_TAB, 1, 0) == OK);
    kprintf("type tab\n");
    CHECK(read(CONSOLE, line, sizeof line) == 3 && strncmp(line, "na\t", 3) == 0);
    CHECK(control(CONSOLE, TC_LINE, (int32) "name", 2) == OK);
    CHECK(read(CONSOLE, line, sizeof line) == 6 && strncmp(line, "name \n", 6) == 0);
}

process main(void)
{
    kprintf("type cooked\n");
    check_cooked();
    check_raw();
    check_cbreak();
    check_interrupt();
    check_tab();
    checks_done();
    return OK;
}
