/* arguments.c - what several commands do with their arguments */
#include "commands.h"

shellcmd usage(const char *text)
{
    fprintf(stderr, "Use: %s\n", text);
    return SHELL_ERROR;
}

static int32 digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

bool8 is_number(const char *text, uint32 *number)
{
    uint32 base = text[0] == '0' && (text[1] | 0x20) == 'x' ? 16 : 10;

    *number = 0;
    if (base == 16)
        text += 2;
    if (*text == NULLCH)
        return FALSE;
    for (; *text != NULLCH; text++) {
        uint32 digit = (uint32)digit_of(*text);

        if (digit >= base || *number > (0xFFFFFFFF - digit) / base)
            return FALSE;
        *number = *number * base + digit;
    }
    return TRUE;
}
