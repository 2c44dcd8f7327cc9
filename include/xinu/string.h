/* string.h - memory and string functions, as in the C standard (system/lib/string.cpp, string_memory.cpp) */
#ifndef XINU_STRING_H
#define XINU_STRING_H

#include <stddef.h>

/* A C++ library header may already declare the host C library's functions of the same names, which do not
 * throw. */
#ifdef __cplusplus
#define XINU_NOTHROW noexcept
extern "C" {
#else
#define XINU_NOTHROW
#endif

/* A program in C that defines or declares one of these itself, perhaps with Xinu's char *, is compiled without the
 * declarations: tools/build/compile_program.sh. */
#ifndef DETOUR_OWN_STRINGS
void *memcpy(void *to, const void *from, size_t count) XINU_NOTHROW;
void *memmove(void *to, const void *from, size_t count) XINU_NOTHROW;
void *memset(void *to, int value, size_t count) XINU_NOTHROW;
void bzero(void *to, size_t count) XINU_NOTHROW; /* memset() to 0 */
int memcmp(const void *left, const void *right, size_t count) XINU_NOTHROW;
void *memchr(const void *from, int value, size_t count) XINU_NOTHROW;

size_t strlen(const char *text) XINU_NOTHROW;
size_t strnlen(const char *text, size_t limit) XINU_NOTHROW;
char *strcpy(char *to, const char *from) XINU_NOTHROW;
char *strncpy(char *to, const char *from, size_t count) XINU_NOTHROW;
char *strcat(char *to, const char *from) XINU_NOTHROW;
char *strncat(char *to, const char *from, size_t count) XINU_NOTHROW;
int strcmp(const char *left, const char *right) XINU_NOTHROW;
int strncmp(const char *left, const char *right, size_t count) XINU_NOTHROW;
char *strchr(const char *text, int c) XINU_NOTHROW;
char *strrchr(const char *text, int c) XINU_NOTHROW;
char *strstr(const char *text, const char *part) XINU_NOTHROW;
size_t strspn(const char *text, const char *accepted) XINU_NOTHROW;
size_t strcspn(const char *text, const char *rejected) XINU_NOTHROW;
char *strpbrk(const char *text, const char *accepted) XINU_NOTHROW;

/* One scan at a time in the whole system: its position in the text is global, not per process. */
char *strtok(char *text, const char *separators) XINU_NOTHROW;

/* <cstring> needs these: there is one locale, "C", and one message for every error. */
int strcoll(const char *left, const char *right) XINU_NOTHROW;
size_t strxfrm(char *to, const char *from, size_t size) XINU_NOTHROW;
char *strerror(int error) XINU_NOTHROW;
#endif

#ifdef __cplusplus
}
#endif

#endif
