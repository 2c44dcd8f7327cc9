/* memory.h - sizes of memory, as course code computes them; the calls are in prototypes.h */
#ifndef XINU_MEMORY_H
#define XINU_MEMORY_H

#include <xinu/types.h>

#define PAGE_SIZE 4096

/* A size or an address, rounded up or down to a multiple of 8: getmem() rounds like this. */
#define roundmb(x) ((char *)(((uint32)(x) + 7) & ~(uint32)7))
#define truncmb(x) ((char *)((uint32)(x) & ~(uint32)7))

#endif
