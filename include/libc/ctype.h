/* ctype.h - character classes of the "C" locale (system/lib/ctype.cpp): every argument outside 0..127 is in none
 */
#ifndef LIBC_CTYPE_H
#define LIBC_CTYPE_H

#if defined(__cplusplus) && __has_include_next(<ctype.h>)
/* <memory> and <chrono> need the toolchain's own; but not its inline functions, which need its tables. */
#ifndef __NO_CTYPE
#define __NO_CTYPE
#endif
#include_next <ctype.h>
#else

#ifdef __cplusplus
extern "C" {
#endif

int isalnum(int c);
int isalpha(int c);
int isblank(int c);
int iscntrl(int c);
int isdigit(int c);
int isgraph(int c);
int islower(int c);
int isprint(int c);
int ispunct(int c);
int isspace(int c);
int isupper(int c);
int isxdigit(int c);
int tolower(int c);
int toupper(int c);

#ifdef __cplusplus
}
#endif
#endif

#endif
