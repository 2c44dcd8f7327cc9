/*
 * conf.h - the devices: their numbers, and the switch through which a call reaches one
 *
 * system/devices/table.cpp has a row for each number, in this order. docs/devices.md says how to add one.
 */
#ifndef XINU_CONF_H
#define XINU_CONF_H

#include <xinu/types.h>

#ifndef CONSOLE /* <xinu/stdio.h> has it, too */
#define CONSOLE 0
#endif
#define NULLDEV 1
#define NDEVS 2 /* at most 127: a descriptor of a process is an int8 */

/* A row of the switch: what carries out each call on the device. */
struct dentry {
    int32 dvnum;        /* the device's number: its index in devtab */
    int32 dvminor;      /* which of several devices of the same kind */
    const char *dvname; /* for getdev() */
    devcall (*dvinit)(struct dentry *);
    devcall (*dvopen)(struct dentry *, const char *name, const char *mode);
    devcall (*dvclose)(struct dentry *);
    devcall (*dvread)(struct dentry *, void *buffer, uint32 count);
    devcall (*dvwrite)(struct dentry *, const void *buffer, uint32 count);
    devcall (*dvseek)(struct dentry *, int32 position);
    devcall (*dvgetc)(struct dentry *);
    devcall (*dvputc)(struct dentry *, char c);
    devcall (*dvcntl)(struct dentry *, int32 function, int32 first, int32 second);
    void *dvcsr;          /* its first register; NULL if it has none */
    void (*dvintr)(void); /* its interrupt handler; NULL if it has none */
    uint8 dvirq;          /* its interrupt line */
};

#ifdef __cplusplus
extern "C" {
#endif

extern struct dentry devtab[NDEVS];

/* For the rows of devtab: a call that does nothing, OK; a call that the device does not have, SYSERR. */
devcall ionull(void);
devcall ioerr(void);

#ifdef __cplusplus
}
#endif

#endif
