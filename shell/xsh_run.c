/* xsh_run.c - run and demo: programs of the image by their names */
#include "commands.h"

/* apps/examples/NAME.c, whose main() is example_NAME in an image with the shell (tools/build/cmake/image.cmake). */
#define EXAMPLES(each)                                                                                                 \
    each(alarm) each(hijack) each(inversion) each(philosophers) each(pingpong) each(producer) each(race)               \
        each(starvation) each(vacation)

#define DECLARE(name) process example_##name(void);
EXAMPLES(DECLARE)

process example_tour(void);

struct example {
    const char *name;
    process (*function)(void);
};

#define ROW(name) {#name, example_##name},
static const struct example examples[] = {EXAMPLES(ROW)};

#define COUNT (sizeof examples / sizeof examples[0])

static shellcmd list(void)
{
    uint32 i;

    printf("Examples, of which each is a file in apps/examples:\n ");
    for (i = 0; i < COUNT; i++)
        printf(" %s", examples[i].name);
    printf("\nAny other name is that of a ring-3 program of the image (user/programs), and may have arguments.\n");
    return SHELL_OK;
}

DEFINE_COMMAND(demo)
{
    (void)args;
    if (nargs != 1)
        return usage("demo");
    example_tour();
    return SHELL_OK;
}

DEFINE_COMMAND(run)
{
    pid32 pid;
    uint32 i;

    if (nargs == 1)
        return list();
    for (i = 0; i < COUNT; i++) {
        if (strcmp(args[1], examples[i].name) == 0) {
            if (nargs != 2)
                return usage("run NAME; an example has no arguments");
            examples[i].function();
            return SHELL_OK;
        }
    }
    pid = upcreatev(args[1], getprio(getpid()), (uint32)nargs - 1, (const char *const *)(args + 1));
    if (pid == SYSERR) {
        fprintf(stderr, "There is no program %s; run without a name lists some.\n", args[1]);
        return SHELL_ERROR;
    }
    resume(pid);
    while (receive() != (umsg32)pid)
        ;
    return SHELL_OK;
}
