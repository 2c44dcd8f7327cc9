/* Xinu's device calls on the console, and on devices that do not exist. */
#include "check.h"

#include <stdio.h>

static void check_no_device(did32 device)
{
    char buffer[4] = "abc";

    CHECK(getc(device) == SYSERR && putc(device, 'x') == SYSERR);
    CHECK(read(device, buffer, 3) == SYSERR && write(device, buffer, 3) == SYSERR);
    CHECK(fgetc(device) == SYSERR && fputc('x', device) == SYSERR && fputs("x", device) == SYSERR);
    CHECK(fgets(buffer, 3, device) == NULL && fprintf(device, "%d", 1) == SYSERR);
    CHECK(buffer[0] == 'a');
}

static void check_output(void)
{
    CHECK(putc(CONSOLE, 'p') == OK && fputc('f', stdout) == 'f');
    CHECK(write(CONSOLE, "write", 3) == OK && write(CONSOLE, "", 0) == OK);
    CHECK(write(CONSOLE, "x", 0x80000000) == SYSERR);
    CHECK(fputs("[fputs]", stdout) == OK && fprintf(stderr, "%s %d\n", "fprintf", 7) == 10);
}

/* Typed: "ab", Enter, "longer", Enter, "fgets", Enter, "rest", then Ctrl-D twice. */
static void check_input(void)
{
    char buffer[16] = "???????????????";

    CHECK(read(CONSOLE, buffer, 0) == 0 && buffer[0] == '?');
    CHECK(read(CONSOLE, buffer, 0x80000000) == SYSERR);
    CHECK(getc(CONSOLE) == 'a' && fgetc(stdin) == 'b' && getc(CONSOLE) == '\n');
    CHECK(read(CONSOLE, buffer, 4) == 4 && strncmp(buffer, "long?", 5) == 0);
    CHECK(read(CONSOLE, buffer, 16) == 3 && strncmp(buffer, "er\ng?", 5) == 0);
    CHECK(fgets(buffer, 1, CONSOLE) == buffer && buffer[0] == '\0' && fgets(buffer, 0, CONSOLE) == NULL);
    CHECK(fgets(buffer, 16, CONSOLE) == buffer && strcmp(buffer, "fgets\n") == 0);
    CHECK(read(CONSOLE, buffer, 16) == 4 && strncmp(buffer, "rest", 4) == 0);
    CHECK(fgets(buffer, 16, CONSOLE) == NULL);
}

process main(void)
{
    control(CONSOLE, TC_NOECHO, 0, 0); /* from here on the text is exact */
    check_output();
    check_no_device(NDEVS);
    check_no_device(-1);
    check_input();
    checks_done();
    return OK;
}
