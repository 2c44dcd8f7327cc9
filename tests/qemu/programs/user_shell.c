/* The shell: lines as a person would type them, and what they print. */
#include "check.h"

#include <xinu/shell.h>

shellcmd xsh_count(int nargs, char *args[])
{
    printf("%d arguments, the last is \"%s\"\n", nargs, args[nargs - 1]);
    return SHELL_OK;
}

/* Reads after the writer has ended, and for longer than the shell waits for a message. */
shellcmd xsh_slowly(int nargs, char *args[])
{
    int32 lines = 0;
    char text[80];

    (void)nargs, (void)args;
    do {
        sleepms(250);
    } while (fgets(text, sizeof text, stdin) != NULL && ++lines > 0);
    printf("%d lines\n", lines);
    return SHELL_OK;
}

static void check_tokens(void)
{
    char text[64];
    int32 tok[SHELL_MAXTOK], type[SHELL_MAXTOK], length;

    CHECK(lexan("a 'b c' \"d\"e>f|g&\n", 17, text, &length, tok, type) == 8);
    CHECK(strcmp(text + tok[1], "b c") == 0 && strcmp(text + tok[2], "de") == 0 && length == 19);
    CHECK(type[3] == SH_TOK_GREATER && type[5] == SH_TOK_PIPE && type[7] == SH_TOK_AMPER && type[0] == SH_TOK_OTHER);
    CHECK(lexan("\n", 1, text, &length, tok, type) == 0 && lexan("'a\n", 3, text, &length, tok, type) == SYSERR);
}

static void check_lines(void)
{
    static const char *const refused[] = {"|",        "a |",           "> f",     "echo >",  "echo < f < g",
                                          "&",        "echo & echo",   "| cat",   "nothing", "exit | cat",
                                          "kill 3 &", "cat < nothing", "echo \"a"};
    static const char *const lines[] = {
        "count a 'b  c'",
        "echo one two",
        "echo three > f",
        "cat f",
        "cat < f | cat | cat > g",
        "cat f g",
        "cp g h",
        "ls",
        "rm f g h",
        "ls",
        "run race",
        "run inversion",
        "run philosophers",
        "run producer",
        "run alarm",
        "run hijack",
        "run vacation",
        "run pingpong",
        "run starvation",
        "run hello | cat",
        "run hello > u",
        "cat u",
        "rm u",
        "date",
        "ps | cat",
        "argecho a b c d | slowly",
        "demo",
        "log | cat",
    };
    char line[SHELL_BUFLEN];
    uint32 i;

    for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        strcpy(line, refused[i]);
        CHECK(shell_line(line) == SHELL_ERROR);
    }
    for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        printf("$ %s\n", lines[i]);
        strcpy(line, lines[i]);
        CHECK(shell_line(line) == SHELL_OK);
    }
}

/* Whatever is typed, the shell says what is wrong and goes on. */
static void check_garbage(void)
{
    uint32 seed = 1, i;
    char line[SHELL_BUFLEN];
    int round;

    for (round = 0; round < 300; round++) {
        uint32 length = (seed >> 8) % (sizeof line - 1);

        for (i = 0; i < length; i++) {
            seed = seed * 1664525 + 1013904223;
            line[i] = " |&<>\"'abc\t."[(seed >> 16) % 12];
        }
        line[length] = NULLCH;
        shell_line(line);
    }
    CHECK(kcheck() == NULL);
}

process main(void)
{
    check_tokens();
    check_lines();
    printf("garbage:\n");
    check_garbage();
    checks_done();
    return OK;
}
