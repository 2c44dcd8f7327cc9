/* words.c - printing the words of a stack */
#include "tour.h"

/* The meaning of a word; behind it, if the word is a code address, the function. */
static void show_meaning(const char *what, uint32 value)
{
    uint32 offset;
    const char *name = funcname(value, &offset);
    if (name != NULL)
        kprintf("%-26s = %s+0x%x\n", what, name, offset);
    else
        kprintf("%s\n", what);
}

void show_change(const uint32 *word, uint32 before, const char *what)
{
    kprintf("    %08x: %08x  %08x %s ", (uint32)word, before, *word, before == *word ? " " : "*");
    show_meaning(what, *word);
}
