/* device.h - Xinu's device calls (system/device.cpp); there is one device, CONSOLE. For others: SYSERR. */
#ifndef XINU_DEVICE_H
#define XINU_DEVICE_H

#include <xinu/stdio.h>
#include <xinu/types.h>

/*
 * Reads a line, its newline included, but count bytes at most; blocks until it is there. Answers the number
 * of bytes, or EOF (-2) for Ctrl-D at the beginning of a line; later in a line Ctrl-D ends it.
 */
devcall read(did32 device, char *buffer, uint32 count) XINU_DEVICE_CALL(read);
devcall write(did32 device, const char *buffer, uint32 count) XINU_DEVICE_CALL(write); /* OK */

#endif
