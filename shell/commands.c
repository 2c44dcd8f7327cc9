/* commands.c - which commands there are */
#include "commands.h"

#include "line.h"

const struct cmdent cmdtab[] = {
    {"argecho", FALSE, xsh_argecho, "shows its arguments, one a line"},
    {"bench", FALSE, xsh_bench, "what a call, a switch and a message cost here"},
    {"cat", FALSE, xsh_cat, "FILE ...: writes files, or its input"},
    {"clear", FALSE, xsh_clear, "clears the screen"},
    {"cp", FALSE, xsh_cp, "FROM TO: copies a file"},
    {"date", FALSE, xsh_date, "the date and the time (UTC)"},
    {"demo", FALSE, xsh_demo, "the tour of both detours"},
    {"devdump", FALSE, xsh_devdump, "the devices"},
    {"echo", FALSE, xsh_echo, "writes its arguments"},
    {"exit", TRUE, xsh_exit, "leaves the shell"},
    {"help", FALSE, xsh_help, "the commands; NAME: what one does"},
    {"kill", TRUE, xsh_kill, "PID ...: ends processes"},
    {"log", FALSE, xsh_log, "what the kernel has printed"},
    {"ls", FALSE, xsh_ls, "the files, with their sizes"},
    {"memdump", FALSE, xsh_memdump, "ADDRESS BYTES: what is in memory there"},
    {"memstat", FALSE, xsh_memstat, "how memory is used"},
    {"poweroff", TRUE, xsh_poweroff, "ends the machine"},
    {"ps", FALSE, xsh_ps, "the processes"},
    {"rm", FALSE, xsh_rm, "FILE ...: deletes files"},
    {"run", FALSE, xsh_run, "NAME ...: a program in ring 3, or an example; run: which there are"},
    {"semdump", FALSE, xsh_semdump, "the semaphores that are in use"},
    {"sleep", FALSE, xsh_sleep, "SECONDS: waits"},
    {"stack", FALSE, xsh_stack, "PID: every word of a process's stack, and what it is"},
    {"trace", FALSE, xsh_trace, "COMMAND ...: runs it, and shows the switches and detours meanwhile"},
    {"uptime", FALSE, xsh_uptime, "how long the machine has been running"},
};

uint32 ncmd = sizeof cmdtab / sizeof cmdtab[0];

/* What the names of commands begin with, as functions. */
static const char prefix_of_functions[] = "xsh_";

static const struct cmdent *built_in(const char *name)
{
    uint32 i;

    for (i = 0; i < ncmd; i++)
        if (strcmp(name, cmdtab[i].cname) == 0)
            return &cmdtab[i];
    return NULL;
}

/* The name of the command that this function is, or NULL. */
static const char *as_command(const char *function)
{
    uint32 length = sizeof prefix_of_functions - 1;

    return strncmp(function, prefix_of_functions, length) == 0 ? function + length : NULL;
}

bool8 find_command(const char *name, struct cmdent *found)
{
    const struct cmdent *known = built_in(name);
    uint32 index = 0, address;
    const char *function;

    if (known != NULL) {
        *found = *known;
        return TRUE;
    }
    while ((function = funcnext(&index, &address)) != NULL) {
        const char *command = as_command(function);

        if (command != NULL && strcmp(command, name) == 0) {
            *found = (struct cmdent){command, FALSE, (shellcmd(*)(int, char *[]))address, NULL};
            return TRUE;
        }
    }
    return FALSE;
}

void for_each_command(const char *prefix, void (*visit)(const char *name, void *what), void *what)
{
    uint32 i, index = 0, address, length = strlen(prefix);
    const char *function;

    for (i = 0; i < ncmd; i++)
        if (strncmp(cmdtab[i].cname, prefix, length) == 0)
            visit(cmdtab[i].cname, what);
    while ((function = funcnext(&index, &address)) != NULL) {
        const char *command = as_command(function);

        if (command != NULL && strncmp(command, prefix, length) == 0 && built_in(command) == NULL)
            visit(command, what);
    }
}
