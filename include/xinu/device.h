/*
 * device.h - Xinu's device calls (system/device.cpp): each goes through the device's row of devtab
 *
 * All return SYSERR if no device has this number, or the device does not have the call.
 */
#ifndef XINU_DEVICE_H
#define XINU_DEVICE_H

#include <xinu/conf.h>
#include <xinu/stdio.h>
#include <xinu/types.h>

#define isbaddev(device) ((device) < 0 || (device) >= NDEVS)

devcall init(did32 device) XINU_DEVICE_CALL(init); /* done for each device at boot */

/* Returns the device to use from now on: for a file, one of those for open files. */
devcall open(did32 device, const char *name, const char *mode) XINU_DEVICE_CALL(open);
devcall close(did32 device) XINU_DEVICE_CALL(close);

/*
 * Reads at most count bytes; at most 2^31 - 1, else SYSERR. Returns how many, or EOF (-2) at the end of the data. The
 * console: a line including its newline; blocks until it is complete. Ctrl-D at its beginning is the end of the data;
 * later in a line, Ctrl-D ends it.
 */
devcall read(did32 device, char *buffer, uint32 count) XINU_DEVICE_CALL(read);
devcall write(did32 device, const char *buffer, uint32 count) XINU_DEVICE_CALL(write); /* OK; the same limit */
devcall seek(did32 device, int32 position) XINU_DEVICE_CALL(seek);

/* What `function` means depends on the device: TC_... for the console. */
devcall control(did32 device, int32 function, int32 first, int32 second) XINU_DEVICE_CALL(control);

did32 getdev(const char *name) XINU_DEVICE_CALL(getdev); /* the device of this name */

#endif
