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
#define LFILESYS 2 /* opens files: <xinu/file.h> */
#define LFILE0 3   /* the files that are open */
#define LFILE1 4
#define LFILE2 5
#define LFILE3 6
#define LFILE4 7
#define LFILE5 8
#define LFILE6 9
#define LFILE7 10
#define NAMESPACE 11 /* opens files and devices by their names: <xinu/name.h> */
#define PIPE 12      /* opens pipes: <xinu/pipe.h> */
#define PIPE0 13     /* the pipes that are open */
#define PIPE1 14
#define PIPE2 15
#define PIPE3 16
#define RAM0 17  /* a disk in memory: <xinu/ramdisk.h> */
#define NDEVS 18 /* at most 127: a descriptor of a process is an int8 */

#define Nlfl 8  /* LFILE0 to LFILE7 */
#define Npipe 4 /* PIPE0 to PIPE3 */

/* Xinu's files on another machine: here they are the same files. */
#define RFILESYS LFILESYS
#define RFILE0 LFILE0

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
    uint8 dvirq;          /* its interrupt, as set_evec() numbers it: 32 and the line; 0 if it has none */
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
