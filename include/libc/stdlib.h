/* stdlib.h - the part of <stdlib.h> that course code uses (system/lib/stdlib.cpp); memory comes from getmem() */
#ifndef LIBC_STDLIB_H
#define LIBC_STDLIB_H

#include <stddef.h>

/* The C++ library headers may already define the toolchain's. */
#undef RAND_MAX
#undef EXIT_SUCCESS
#undef EXIT_FAILURE
#define RAND_MAX 0x7FFFFFFF
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

/* As in <xinu/string.h>: the host C library's declarations of these do not throw. */
#ifdef __cplusplus
#define LIBC_NOTHROW noexcept
extern "C" {
#else
#define LIBC_NOTHROW
#endif

int abs(int value) LIBC_NOTHROW;
long labs(long value) LIBC_NOTHROW;

/* Decimal, after white space and a sign, up to the first non-digit; a number too large wraps around. */
int atoi(const char *text) LIBC_NOTHROW;
long atol(const char *text) LIBC_NOTHROW;

/* One sequence for the whole system, 0..RAND_MAX, the same at every boot until srand() restarts it. */
int rand(void) LIBC_NOTHROW;
void srand(unsigned seed) LIBC_NOTHROW;

/* Memory of getmem(), which ends with its process (system/rare/malloc.cpp). NULL: there is not enough, or what is to be
 * resized is no such block. */
void *malloc(size_t bytes) LIBC_NOTHROW;
void *calloc(size_t count, size_t size) LIBC_NOTHROW;
void *realloc(void *block, size_t bytes) LIBC_NOTHROW;
void free(void *block) LIBC_NOTHROW; /* does nothing if it is NULL, or no such block */

/* Sorts in place, without recursion or heap; not stable. */
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *left, const void *right));

/* Ends the calling process; the status is ignored. Xinu's programs call exit(), others exit(0). */
#ifdef __cplusplus
__attribute__((noreturn)) void exit(int status) noexcept; // NOLINT(readability-redundant-declaration)
}
#else
void exit();
#endif

#endif
