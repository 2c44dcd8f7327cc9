/* ctype.h - character classes of the "C" locale (system/ctype.cpp); EOF and all bytes are legal arguments */
#ifndef LIBC_CTYPE_H
#define LIBC_CTYPE_H

/* <memory> and <chrono> want the classes of the toolchain's own header; not its inline functions, which need its
 * tables. */
#if defined(__cplusplus) && __has_include_next(<ctype.h>)
#ifndef __NO_CTYPE
#define __NO_CTYPE
#endif
#include_next <ctype.h>
#endif

#ifdef __cplusplus
#define LIBC_CTYPE_NOTHROW noexcept
extern "C" {
#else
#define LIBC_CTYPE_NOTHROW
#endif

int isalnum(int c) LIBC_CTYPE_NOTHROW;
int isalpha(int c) LIBC_CTYPE_NOTHROW;
int isblank(int c) LIBC_CTYPE_NOTHROW;
int iscntrl(int c) LIBC_CTYPE_NOTHROW;
int isdigit(int c) LIBC_CTYPE_NOTHROW;
int isgraph(int c) LIBC_CTYPE_NOTHROW;
int islower(int c) LIBC_CTYPE_NOTHROW;
int isprint(int c) LIBC_CTYPE_NOTHROW;
int ispunct(int c) LIBC_CTYPE_NOTHROW;
int isspace(int c) LIBC_CTYPE_NOTHROW;
int isupper(int c) LIBC_CTYPE_NOTHROW;
int isxdigit(int c) LIBC_CTYPE_NOTHROW;
int tolower(int c) LIBC_CTYPE_NOTHROW;
int toupper(int c) LIBC_CTYPE_NOTHROW;

#ifdef __cplusplus
}
#endif

#endif
