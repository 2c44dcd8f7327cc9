/*
 * stdio.h - the part of <stdio.h> in which Xinu has a device's number where C has a FILE (system/device.cpp)
 *
 * There is one device, CONSOLE. For any other a call answers SYSERR, and fgets NULL. As with kgetc(), what is
 * typed is not echoed.
 */
#ifndef XINU_STDIO_H
#define XINU_STDIO_H

/* As in <xinu/types.h>, which brings more names than <stdio.h> may. */
typedef __INT32_TYPE__ did32;
typedef __INT32_TYPE__ devcall;

#define CONSOLE 0

/* The toolchain's <cstdio> declares C's functions of these names, which take a FILE. Beside them these are
 * overloads. */
#ifdef __cplusplus
#define XINU_DEVICE_CALL(name) __asm__(#name)
#else
#define XINU_DEVICE_CALL(name)
#define stdin CONSOLE
#define stdout CONSOLE
#define stderr CONSOLE
#endif

devcall getc(did32 device) XINU_DEVICE_CALL(getc);          /* blocks for a character; EOF (-2) for Ctrl-D */
devcall putc(did32 device, char c) XINU_DEVICE_CALL(putc);  /* OK */
devcall fgetc(did32 device) XINU_DEVICE_CALL(fgetc);        /* getc() */
devcall fputc(int c, did32 device) XINU_DEVICE_CALL(fputc); /* answers c */
devcall fputs(const char *text, did32 device) XINU_DEVICE_CALL(fputs); /* OK */

/* A line with its newline, of size - 1 characters at most, NUL-terminated; answers text, or NULL at the end.
 */
char *fgets(char *text, int size, did32 device) XINU_DEVICE_CALL(fgets);

/* Answers the number of characters. */
int fprintf(did32 device, const char *fmt, ...) XINU_DEVICE_CALL(fprintf)
    __attribute__((format(printf, 2, 3)));

#endif
