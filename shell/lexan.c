/* lexan.c - a line as tokens */
#include <xinu.h>
#include <xinu/shell.h>

/* The kind of the token that this character is by itself, or SH_TOK_OTHER. */
static int32 kind_of(char c)
{
    switch (c) {
    case SH_AMPER:
        return SH_TOK_AMPER;
    case SH_LESS:
        return SH_TOK_LESS;
    case SH_GREATER:
        return SH_TOK_GREATER;
    case SH_PIPE:
        return SH_TOK_PIPE;
    default:
        return SH_TOK_OTHER;
    }
}

static bool8 is_blank(char c)
{
    return c == SH_BLANK || c == SH_TAB || c == '\r';
}

static bool8 ends_word(char c)
{
    return is_blank(c) || c == SH_NEWLINE || kind_of(c) != SH_TOK_OTHER;
}

/* Copies the word that begins at `line`, without its quotation marks; returns its end, NULL if one has no partner. */
static char *copy_word(char *line, const char *end, char **to)
{
    char quote = NULLCH;

    for (; line < end && (quote != NULLCH || !ends_word(*line)); line++) {
        if (*line == SH_NEWLINE)
            return NULL;
        if (quote == NULLCH && (*line == SH_SQUOTE || *line == SH_DQUOTE))
            quote = *line;
        else if (quote != NULLCH && *line == quote)
            quote = NULLCH;
        else
            *(*to)++ = *line;
    }
    return quote == NULLCH ? line : NULL;
}

int32 lexan(char *line, int32 len, char *tokbuf, int32 *tlen, int32 tok[], int32 toktyp[])
{
    const char *end = line + len;
    char *to = tokbuf;
    int32 count = 0;

    while (line < end && *line != SH_NEWLINE) {
        if (is_blank(*line)) {
            line++;
            continue;
        }
        if (count == SHELL_MAXTOK)
            return SYSERR;
        tok[count] = to - tokbuf;
        toktyp[count] = kind_of(*line);
        if (toktyp[count++] == SH_TOK_OTHER)
            line = copy_word(line, end, &to);
        else
            *to++ = *line++;
        if (line == NULL)
            return SYSERR;
        *to++ = NULLCH;
    }
    *tlen = to - tokbuf;
    return count;
}
