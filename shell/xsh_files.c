/* xsh_files.c - cat, cp, ls, rm */
#include "commands.h"

#include <xinu/file.h>

static shellcmd cannot(const char *what, const char *name)
{
    fprintf(stderr, "Cannot %s %s.\n", what, name);
    return SHELL_ERROR;
}

/* Copies all that can be read. Returns FALSE if it cannot be written. */
static bool8 copy(did32 from, did32 to)
{
    char buffer[256];
    int32 length, written;

    while ((length = read(from, buffer, sizeof buffer)) > 0) {
        written = write(to, buffer, (uint32)length);
        if (written != length && written != OK) /* a full disk takes a part; some devices say OK for all */
            return FALSE;
    }
    return TRUE;
}

DEFINE_COMMAND(cat)
{
    int i;

    if (nargs == 1)
        return copy(stdin, stdout) ? SHELL_OK : cannot("write", "the output");
    for (i = 1; i < nargs; i++) {
        did32 file = open(NAMESPACE, args[i], "ro");
        bool8 copied;

        if (file == SYSERR)
            return cannot("read", args[i]);
        copied = copy(file, stdout);
        close(file);
        if (!copied)
            return cannot("write", "the output");
    }
    return SHELL_OK;
}

DEFINE_COMMAND(cp)
{
    did32 from, to;
    bool8 copied;

    if (nargs != 3)
        return usage("cp FROM TO");
    from = open(NAMESPACE, args[1], "ro");
    if (from == SYSERR)
        return cannot("read", args[1]);
    to = open(NAMESPACE, args[2], "w");
    if (to == SYSERR) {
        close(from);
        return cannot("write", args[2]);
    }
    control(to, F_CTL_TRUNC, 0, 0);
    copied = copy(from, to);
    close(from);
    return close(to) == OK && copied ? SHELL_OK : cannot("write", args[2]);
}

DEFINE_COMMAND(rm)
{
    shellcmd result = SHELL_OK;
    int i;

    if (nargs < 2)
        return usage("rm FILE ...");
    for (i = 1; i < nargs; i++)
        if (control(LFILESYS, F_CTL_DEL, (int32)args[i], 0) == SYSERR)
            result = cannot("delete", args[i]);
    return result;
}

DEFINE_COMMAND(ls)
{
    struct ldentry entry;
    did32 directory;

    (void)args;
    if (nargs != 1)
        return usage("ls");
    directory = open(LFILESYS, ".", "r");
    if (directory == SYSERR)
        return cannot("read", "the directory");
    while (read(directory, (char *)&entry, sizeof entry) == sizeof entry)
        printf("%8u  %s\n", entry.ld_size, entry.ld_name);
    close(directory);
    return SHELL_OK;
}
