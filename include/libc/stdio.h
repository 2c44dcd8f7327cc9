/* stdio.h - console output and input, and printing into memory; kernel/format.hpp says what a format may hold */
#ifndef LIBC_STDIO_H
#define LIBC_STDIO_H

/* <cstdio>, and with it <string> or <ranges>, must find every standard name declared. They come from the toolchain's
 * own header; only what stands below exists, anything else fails to link. */
#if defined(__cplusplus) && __has_include_next(<stdio.h>)
#include_next <stdio.h>
#undef EOF
#undef putchar
#undef getchar
#endif

#include <stddef.h>

#define EOF (-2) /* as in <xinu/types.h>, which is not included: `syscall` is a function to POSIX headers */

#ifdef __cplusplus
#define LIBC_STDIO_NOTHROW noexcept
extern "C" {
#else
#define LIBC_STDIO_NOTHROW
#endif

/* Print to the console and return the number of characters written; kprintf polls, with interrupts disabled. */
int printf(const char *fmt, ...);
int kprintf(const char *fmt, ...);

/* Print into memory (system/stdlib.cpp) and return the length of the whole text, the NUL not counted. */
int sprintf(char *to, const char *fmt, ...) LIBC_STDIO_NOTHROW;
int snprintf(char *to, size_t size, const char *fmt, ...) LIBC_STDIO_NOTHROW;

/* To and from the console; getchar blocks, and answers EOF for Ctrl-D. puts (system/stdlib.cpp) adds a newline. */
int putchar(int c);
int getchar(void);
int puts(const char *text);

#ifdef __cplusplus
}
#endif

#endif
