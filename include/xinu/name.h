/*
 * name.h - names that lead to devices and files (system/devices/namespace.cpp): open(NAMESPACE, "/dev/null", "rw")
 *
 * The longest prefix in nametab that a name begins with decides: it is replaced, and the rest opened on its device.
 * At the start: "/dev/" and the name of each device in small letters; "/", "~/", "/local/", "/remote/" and no prefix at
 * all lead to the files.
 */
#ifndef XINU_NAME_H
#define XINU_NAME_H

#include <xinu/types.h>

#define NM_PRELEN 64  /* bytes of a prefix with its NUL */
#define NM_REPLLEN 96 /* bytes of what replaces it */
#define NM_MAXLEN 256 /* bytes of a name */
#define NNAMES 40     /* prefixes */

struct nmentry {
    char nprefix[NM_PRELEN];
    char nreplace[NM_REPLLEN];
    did32 ndevice; /* SYSERR: there is nothing under this prefix */
};

#ifdef __cplusplus
extern "C" {
#endif

extern struct nmentry nametab[NNAMES]; /* the longest prefix first; of equal ones, the newest */
extern int32 nnames;

/* Adds a prefix. SYSERR: a text is too long, the table is full, or no device has this number. */
syscall mount(const char *prefix, const char *replace, did32 device);

/* The device of a name, and the name to open there, without its prefix; SYSERR if there is none, or it is too long. */
did32 namrepl(const char *name, char newname[NM_MAXLEN]);

/* The same, until the device is not namdev. */
devcall nammap(const char *name, char newname[NM_MAXLEN], did32 namdev);

/* The length of a text without its NUL; SYSERR if that and the NUL take more than maxlen bytes. */
int32 namlen(const char *text, int32 maxlen);

#ifdef __cplusplus
}
#endif

#endif
