/* parse.c - what the tokens of a line mean */
#include "line.h"

/* Removes `count` tokens, of which none is needed any more, from `at` on. */
static void remove_tokens(struct line *line, int32 *type, int32 at, int32 count)
{
    int32 i;

    line->ntok -= count;
    for (i = at; i < line->ntok; i++) {
        line->tok[i] = line->tok[i + count];
        type[i] = type[i + count];
    }
}

/* `< name` and `> name`, wherever they stand: of each at most one. */
static bool8 take_redirections(struct line *line, int32 *type)
{
    int32 i = 0;

    while (i < line->ntok) {
        const char **name = type[i] == SH_TOK_LESS ? &line->input : &line->output;

        if (type[i] != SH_TOK_LESS && type[i] != SH_TOK_GREATER) {
            i++;
            continue;
        }
        if (i + 1 == line->ntok || type[i + 1] != SH_TOK_OTHER || *name != NULL)
            return FALSE;
        *name = line->text + line->tok[i + 1];
        remove_tokens(line, type, i, 2);
    }
    return TRUE;
}

/* The commands between the pipes; none is empty. */
static bool8 divide(struct line *line, const int32 *type)
{
    int32 i, words = 0;

    line->first[0] = 0;
    for (i = 0; i <= line->ntok; i++) {
        if (i < line->ntok && type[i] == SH_TOK_OTHER) {
            words++;
            continue;
        }
        if (words == 0 || line->stages == MAXSTAGE || (i < line->ntok && type[i] != SH_TOK_PIPE))
            return FALSE;
        line->stages++;
        line->first[line->stages] = i + 1; /* behind the sign */
        words = 0;
    }
    return TRUE;
}

const char *parse_line(struct line *line, char *text)
{
    int32 type[SHELL_MAXTOK], length = (int32)strlen(text);

    memset(line, 0, sizeof *line);
    if (length > SHELL_BUFLEN)
        return "The line is too long.\n";
    line->ntok = lexan(text, length, line->text, &line->length, line->tok, type);
    if (line->ntok == SYSERR)
        return SHELL_SYNERRMSG;
    if (line->ntok > 0 && type[line->ntok - 1] == SH_TOK_AMPER) {
        line->background = TRUE;
        line->ntok--;
    }
    if (!take_redirections(line, type))
        return SHELL_SYNERRMSG;
    if (line->ntok == 0 && !line->background && line->input == NULL && line->output == NULL)
        return NULL;
    return divide(line, type) ? NULL : SHELL_SYNERRMSG;
}
