/* device.h - Xinu's device calls (system/device.cpp); there is one device, CONSOLE. Others give SYSERR. */
#ifndef XINU_DEVICE_H
#define XINU_DEVICE_H

#include <xinu/stdio.h>
#include <xinu/types.h>

/*
 * Reads a line including its newline, but at most count bytes; blocks until it is complete. Returns the number of
 * bytes, or EOF (-2) for Ctrl-D at the beginning of a line; later in a line Ctrl-D ends it.
 */
devcall read(did32 device, char *buffer, uint32 count) XINU_DEVICE_CALL(read);
devcall write(did32 device, const char *buffer, uint32 count) XINU_DEVICE_CALL(write); /* OK */

#endif
