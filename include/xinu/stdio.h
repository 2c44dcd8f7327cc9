/*
 * stdio.h - the part of <stdio.h> in which Xinu has a device number where C has a FILE (system/device.cpp)
 *
 * If no device has this number, calls return SYSERR, and fgets NULL. In ring 3 there is one device, CONSOLE.
 */
#ifndef XINU_STDIO_H
#define XINU_STDIO_H

/* As in <xinu/types.h>, which declares more names than <stdio.h> may. */
typedef __INT32_TYPE__ did32;
typedef __INT32_TYPE__ devcall;

#ifndef CONSOLE /* <xinu/conf.h> has it, too */
#define CONSOLE 0
#endif

/* The toolchain's <cstdio> declares C's functions of the same names, which take a FILE. These overload
 * them. */
#ifdef __cplusplus
#define XINU_DEVICE_CALL(name) __asm__(#name)
extern "C" {
#else
#define XINU_DEVICE_CALL(name)
#define stdin (xinu_descriptors()[0])
#define stdout (xinu_descriptors()[1])
#define stderr (xinu_descriptors()[2])
#endif

signed char *xinu_descriptors(void); /* of the calling process, which may assign them: its prdesc */

#ifdef __cplusplus
}
#endif

devcall getc(did32 device) XINU_DEVICE_CALL(getc);                     /* blocks for a character; EOF (-2) for Ctrl-D */
devcall putc(did32 device, char c) XINU_DEVICE_CALL(putc);             /* OK */
devcall fgetc(did32 device) XINU_DEVICE_CALL(fgetc);                   /* getc() */
devcall fputc(int c, did32 device) XINU_DEVICE_CALL(fputc);            /* returns c */
devcall fputs(const char *text, did32 device) XINU_DEVICE_CALL(fputs); /* OK */

/* Reads a line with its newline, at most size - 1 characters, NUL-terminated. Returns text, or NULL at the
 * end. */
char *fgets(char *text, int size, did32 device) XINU_DEVICE_CALL(fgets);

/* Returns the number of characters. */
int fprintf(did32 device, const char *fmt, ...) XINU_DEVICE_CALL(fprintf) __attribute__((format(printf, 2, 3)));

/* As sscanf() of <stdio.h>. If the device is no terminal, the character behind the input is taken from it, too. */
int fscanf(did32 device, const char *fmt, ...) XINU_DEVICE_CALL(fscanf) __attribute__((format(scanf, 2, 3)));

#endif
