/*
 * tty.h - the terminal: what control() does for CONSOLE, and the calls of its row in devtab
 *
 * Modes of input. Cooked, at first: a line at a time, which can be changed until Enter is typed (Backspace, Ctrl-U the
 * line, Ctrl-W the word, the arrow keys, Home, End, Delete; up and down for earlier lines); Ctrl-D is the end of the
 * data. Cbreak: characters as they are typed. In both, Ctrl-S stops output and any other character lets it go on, as
 * Ctrl-Q does, which itself is not read; Ctrl-C is the interrupt; Enter is read as '\n'. Raw: all characters are read
 * as they are, and none is echoed.
 *
 * 127 characters of a line can be changed; of a longer one, these are there to be read already. What is typed and not
 * read stays in the device, once some 750 characters wait, and holds up the sender.
 */
#ifndef XINU_TTY_H
#define XINU_TTY_H

#include <xinu/conf.h>
#include <xinu/types.h>

/* Functions of control(), under Xinu's numbers. Each returns OK unless stated otherwise. */
#define TC_NEXTC 3   /* waits for a character, and returns it without removing it */
#define TC_MODER 4   /* raw */
#define TC_MODEC 5   /* cooked */
#define TC_MODEK 6   /* cbreak */
#define TC_ICHARS 8  /* the number of characters that can be read without waiting */
#define TC_ECHO 9    /* typed characters are shown, as at first */
#define TC_NOECHO 10 /* they are not */

/* Functions that Xinu does not have. */
#define TC_INTR 100 /* Ctrl-C drops what was typed, and sends `first` the message `second` if it has none; 0: neither */
#define TC_TAB 101  /* first = 1: Tab ends a line in cooked mode, as its last character; 0: it is one like others */
#define TC_LINE 102 /* the line now typed begins with the string `first`, of which `second` characters are shown */

#ifdef __cplusplus
extern "C" {
#endif

devcall ttyread(struct dentry *, void *buffer, uint32 count);
devcall ttywrite(struct dentry *, const void *buffer, uint32 count);
devcall ttygetc(struct dentry *);
devcall ttyputc(struct dentry *, char c);
devcall ttycontrol(struct dentry *, int32 function, int32 first, int32 second);

#ifdef __cplusplus
}
#endif

#endif
