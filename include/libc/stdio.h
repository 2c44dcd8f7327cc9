/*
 * stdio.h - console output and input, and printing into memory
 *
 * printf, kprintf, putchar and getchar use the console (system/console.cpp); sprintf, snprintf and puts are in
 * system/lib/stdlib.cpp. kernel/text/format.hpp describes format strings. There are no files: stdin and stdout are
 * device numbers, as in Xinu.
 */
#ifndef LIBC_STDIO_H
#define LIBC_STDIO_H

#include <xinu/text.h>

#if defined(__cplusplus) && __has_include_next(<stdio.h>)
/* <cstdio>, and with it <string> or <ranges>, must find every standard name declared. Functions not declared
 * below fail to link. */
#include_next <stdio.h>
#undef EOF

extern "C" int kprintf(XINU_TEXT *fmt, ...) __attribute__((format(printf, 1, 2)));
#else
#include <stddef.h>

#include <xinu/stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

int printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int kprintf(XINU_TEXT *fmt, ...) __attribute__((format(printf, 1, 2)));
int sprintf(char *to, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int snprintf(char *to, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int putchar(int c);
int getchar(void);
int puts(const char *text);

/*
 * Formatted input (system/rare/scan.cpp): %d %i %u %x %o %s %c %[ with *, a width, h, hh and l. Returns how many were
 * stored, up to the first that does not fit, or that is none of these; EOF if the input ended before the first.
 */
int sscanf(const char *text, const char *fmt, ...) __attribute__((format(scanf, 2, 3)));
int scanf(const char *fmt, ...) __attribute__((format(scanf, 1, 2)));

#ifdef __cplusplus
}
#endif
#endif

/* As in <xinu/types.h>, which cannot be included: in POSIX headers, and so in <memory>, `syscall` is a
 * function. */
#define EOF (-2)

#endif
