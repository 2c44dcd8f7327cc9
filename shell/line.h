/* line.h - a line of the shell, taken apart */
#ifndef SHELL_LINE_H
#define SHELL_LINE_H

#include <xinu.h>
#include <xinu/shell.h>

#define MAXSTAGE 8 /* commands of a pipe */

struct line {
    char text[SHELL_BUFLEN + SHELL_MAXTOK]; /* the tokens, each with a NUL */
    int32 length;                           /* bytes of them */
    int32 tok[SHELL_MAXTOK];                /* where each begins */
    int32 ntok;
    int32 first[MAXSTAGE + 1]; /* the first token of each command; a sign, or the end, is before the next */
    int32 stages;
    const char *input, *output; /* names of files, or NULL */
    bool8 background;
};

/* Takes `text` apart. Returns NULL, or a message. An empty line has no stages. */
const char *parse_line(struct line *line, char *text);

/* Stores the command of this name: one of cmdtab, or a function xsh_NAME of the program. FALSE if there is none. */
bool8 find_command(const char *name, struct cmdent *found);

/* Calls visit(name, what) for each command that begins with `prefix`. */
void for_each_command(const char *prefix, void (*visit)(const char *name, void *what), void *what);

#define INTERRUPTED 0xFFFFFFFC /* the message that Ctrl-C sends the shell: no process has this id */

/*
 * Runs a line; `device` is the shell's. Returns what a command returned that runs in the shell itself; else SHELL_OK, or
 * SHELL_ERROR if the line could not be started, which was said.
 */
int32 run_line(struct line *line, did32 device);

#endif
