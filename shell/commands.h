/* commands.h - the commands of shell/, each `shellcmd xsh_NAME(int nargs, char *args[])` */
#ifndef SHELL_COMMANDS_H
#define SHELL_COMMANDS_H

#include <xinu.h>
#include <xinu/shell.h>

#define COMMAND(name) shellcmd xsh_##name(int nargs, char *args[])
#define DEFINE_COMMAND(name) __attribute__((weak)) COMMAND(name) /* a program may have its own */

COMMAND(argecho);
COMMAND(bench);
COMMAND(cat);
COMMAND(clear);
COMMAND(cp);
COMMAND(date);
COMMAND(demo);
COMMAND(devdump);
COMMAND(echo);
COMMAND(exit);
COMMAND(help);
COMMAND(kill);
COMMAND(log);
COMMAND(ls);
COMMAND(memdump);
COMMAND(memstat);
COMMAND(poweroff);
COMMAND(ps);
COMMAND(rm);
COMMAND(run);
COMMAND(semdump);
COMMAND(sleep);
COMMAND(stack);
COMMAND(trace);
COMMAND(uptime);

/* Says how a command is used, on stderr. Returns SHELL_ERROR. */
shellcmd usage(const char *text);

/* A process's state in a word, by its prstate: PR_FREE ... PR_LOCK. */
const char *state_name(uint32 prstate);

/* A number in decimal, or in hex with 0x, and nothing else. Returns FALSE if it is none. */
bool8 is_number(const char *text, uint32 *number);

#endif
