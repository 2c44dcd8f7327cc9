/* xsh_text.c - argecho, echo, clear, help, log */
#include "commands.h"
#include "line.h"

DEFINE_COMMAND(argecho)
{
    int i;

    for (i = 0; i < nargs; i++)
        printf("args[%d] at 0x%08x: \"%s\"\n", i, (uint32)args[i], args[i]);
    return SHELL_OK;
}

DEFINE_COMMAND(echo)
{
    int i;

    for (i = 1; i < nargs; i++)
        printf(i > 1 ? " %s" : "%s", args[i]);
    printf("\n");
    return SHELL_OK;
}

DEFINE_COMMAND(clear)
{
    (void)args;
    if (nargs != 1)
        return usage("clear");
    printf("\033[2J\033[H"); /* ECMA-48: erase in page, cursor position */
    return SHELL_OK;
}

static void show(const char *name, void *what)
{
    struct cmdent command;

    (void)what;
    if (find_command(name, &command))
        printf("  %-10s %s\n", name, command.chelp != NULL ? command.chelp : "a function of the program");
}

DEFINE_COMMAND(help)
{
    struct cmdent command;

    if (nargs > 2)
        return usage("help [COMMAND]");
    if (nargs == 1) {
        for_each_command("", show, NULL);
        printf("A line may connect them: cat < from | echo > to; with & at its end it runs beside the shell.\n");
        return SHELL_OK;
    }
    if (!find_command(args[1], &command)) {
        fprintf(stderr, "There is no command %s.\n", args[1]);
        return SHELL_ERROR;
    }
    show(args[1], NULL);
    return SHELL_OK;
}

#define LOG_BYTES 16384

DEFINE_COMMAND(log)
{
    char *text;

    (void)args;
    if (nargs != 1)
        return usage("log");
    text = getmem(LOG_BYTES);
    if (text == (char *)SYSERR) {
        fprintf(stderr, "There is no memory for it.\n");
        return SHELL_ERROR;
    }
    write(stdout, text, klog(text, LOG_BYTES));
    freemem(text, LOG_BYTES);
    return SHELL_OK;
}
