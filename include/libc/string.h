/* string.h - <string.h> of plain C, for course code and for <cstring> */
#ifndef LIBC_STRING_H
#define LIBC_STRING_H

#include <xinu/string.h>

#endif
