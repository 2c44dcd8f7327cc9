/*
 * shell.h - the shell (shell/): one process that reads commands from a device and runs them
 *
 * A command NAME is a function `shellcmd xsh_NAME(int nargs, char *args[])`, where args[0] is NAME. Those of shell/ are
 * in cmdtab; a program adds its own by defining it: the shell finds each function of that name in the image.
 */
#ifndef XINU_SHELL_H
#define XINU_SHELL_H

#include <xinu/types.h>

#define SHELL_BUFLEN 256  /* bytes of a line, with its newline */
#define SHELL_MAXTOK 32   /* words and signs of a line */
#define SHELL_CMDSTK 8192 /* stack of a command's process, */
#define SHELL_CMDPRIO 20  /* and its priority */

#define SHELL_BAN0 ""
#define SHELL_BAN1 "Detour: type help for the commands, exit to leave the shell"
/* The other lines of the banner. */
#define SHELL_BAN2 ""
#define SHELL_BAN3 ""
#define SHELL_BAN4 ""
#define SHELL_BAN5 ""
#define SHELL_BAN6 ""
#define SHELL_BAN7 ""
#define SHELL_BAN8 ""
#define SHELL_BAN9 ""
#define SHELL_PROMPT "xsh $ "
#define SHELL_STRTMSG SHELL_BAN1 "\n"
#define SHELL_EXITMSG "The shell has ended.\n"
#define SHELL_SYNERRMSG "Syntax error.\n"
#define SHELL_CREATMSG "There is no memory or no process left for it.\n"
#define SHELL_INERRMSG "Cannot read from %s.\n"
#define SHELL_OUTERRMSG "Cannot write to %s.\n"
#define SHELL_BGERRMSG "This command runs in the shell itself: no &, no pipe and no redirection.\n"

/* Results of a command. */
#define SHELL_OK 0
#define SHELL_ERROR 1
#define SHELL_EXIT (-3) /* ends the shell */

/* Kinds of tokens, and the characters that separate them. */
#define SH_TOK_AMPER 0
#define SH_TOK_LESS 1
#define SH_TOK_GREATER 2
#define SH_TOK_OTHER 3
#define SH_TOK_PIPE 4

#define SH_NEWLINE '\n'
#define SH_EOF '\04'
#define SH_AMPER '&'
#define SH_BLANK ' '
#define SH_TAB '\t'
#define SH_SQUOTE '\''
#define SH_DQUOTE '"'
#define SH_LESS '<'
#define SH_GREATER '>'
#define SH_PIPE '|'

struct cmdent {
    const char *cname; /* the command's name */
    bool8 cbuiltin;    /* whether it runs in the shell's own process */
    shellcmd (*cfunc)(int nargs, char *args[]);
    const char *chelp; /* a line for `help` */
};

#ifdef __cplusplus
extern "C" {
#endif

extern const struct cmdent cmdtab[];
extern uint32 ncmd;

process shell_main(void); /* starts a shell on the console, and waits until it ends */

/* Runs one line; returns what the last command returned, or SHELL_ERROR. For a program's own shell. */
int32 shell_line(char *line);

#ifdef __cplusplus
}
#endif

#endif
