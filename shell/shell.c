/* shell.c - the process that reads lines and runs them */
#include "line.h"

#include <xinu/tty.h>

/* The end of the word that Tab completes. */
struct completion {
    char text[SHELL_BUFLEN];
    int32 given;   /* characters of it that were typed */
    int32 matches; /* commands that begin with them */
};

static void add_match(const char *name, void *what)
{
    struct completion *found = (struct completion *)what;
    int32 i;

    if (found->matches++ == 0) {
        strncpy(found->text, name, sizeof found->text - 2);
        return;
    }
    for (i = found->given; found->text[i] != NULLCH && found->text[i] == name[i]; i++)
        ;
    found->text[i] = NULLCH; /* what all of them have in common */
}

static void list_match(const char *name, void *what)
{
    fprintf(*(did32 *)what, "%s  ", name);
}

/* Tab ended the line: completes its first word, or shows what it could be. The line goes on with the result. */
static void complete(char *line, did32 device)
{
    struct completion found;

    memset(&found, 0, sizeof found);
    found.given = (int32)strlen(line);
    if (strchr(line, SH_BLANK) == NULL) {
        for_each_command(line, add_match, &found);
        if (found.matches == 1)
            strcat(found.text, " ");
        if (found.matches > 1 && (int32)strlen(found.text) == found.given) {
            fprintf(device, "\n");
            for_each_command(line, list_match, &device);
            fprintf(device, "\n%s%s", SHELL_PROMPT, line);
        }
    }
    if (found.matches == 0)
        strcpy(found.text, line);
    control(device, TC_LINE, (int32)found.text, found.given);
}

/* The line is longer than the buffer: what is left of it is not the next one. */
static void skip_line(did32 device)
{
    char rest[SHELL_BUFLEN];
    int32 length;

    do
        length = read(device, rest, SHELL_BUFLEN);
    while (length == SHELL_BUFLEN && rest[length - 1] != SH_NEWLINE);
    fprintf(device, "The line is too long; at most %d characters.\n", SHELL_BUFLEN - 1);
}

/* Reads a line, without its newline. Returns its length, or EOF. */
static int32 read_line(did32 device, char *line)
{
    for (;;) {
        int32 length = read(device, line, SHELL_BUFLEN);

        if (length == EOF || length == SYSERR)
            return EOF;
        line[length] = NULLCH;
        if (length > 0 && line[length - 1] == SH_TAB) {
            line[length - 1] = NULLCH;
            complete(line, device);
            continue;
        }
        if (length > 0 && line[length - 1] == SH_NEWLINE) {
            line[--length] = NULLCH;
        } else if (length == SHELL_BUFLEN) {
            skip_line(device);
            line[length = 0] = NULLCH;
        }
        return length;
    }
}

static int32 run_text(char *text, did32 device)
{
    struct line line;
    const char *message = parse_line(&line, text);

    if (message != NULL) {
        fprintf(device, "%s", message);
        return SHELL_ERROR;
    }
    return line.stages == 0 ? SHELL_OK : run_line(&line, device);
}

int32 shell_line(char *text)
{
    return run_text(text, CONSOLE);
}

process shell(did32 device)
{
    char text[SHELL_BUFLEN + 1];

    control(device, TC_TAB, 1, 0);
    fprintf(device, "\n%s\n", SHELL_STRTMSG);
    do {
        recvclr();
        control(device, TC_INTR, getpid(), (int32)INTERRUPTED); /* before the line is read: none behind it is lost */
        fprintf(device, "%s", SHELL_PROMPT);
        if (read_line(device, text) == EOF)
            break;
    } while (run_text(text, device) != SHELL_EXIT);
    control(device, TC_TAB, 0, 0);
    control(device, TC_INTR, 0, 0);
    fprintf(device, "\n%s", SHELL_EXITMSG);
    return OK;
}
