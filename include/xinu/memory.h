/* memory.h - sizes of memory, as course code computes them; the calls are in prototypes.h */
#ifndef XINU_MEMORY_H
#define XINU_MEMORY_H

#include <xinu/types.h>

#define PAGE_SIZE 4096
#define NBPG 4096

/* A size or an address, rounded up or down to a multiple of 8: getmem() rounds like this. */
#define roundmb(x) ((char *)(((uint32)(x) + 7) & ~(uint32)7))
#define truncmb(x) ((char *)((uint32)(x) & ~(uint32)7))

/*
 * Xinu's list of free memory, as a view: what is free at the moment at which `memlist` is evaluated, in the order of
 * addresses. memlist.mlength is the sum. Each node lies in the free memory that it describes, and is valid until
 * memory is requested or freed. To change the list changes nothing.
 */
struct memblk {
    struct memblk *mnext; /* the next one, or NULL */
    uint32 mlength;       /* bytes, this node included */
};

#define memlist (*xinu_memlist())

#ifdef __cplusplus
extern "C" {
#endif

struct memblk *xinu_memlist(void); /* system/memlist.cpp */

extern void *minheap; /* the first byte of memory behind the kernel, */
extern void *maxheap; /* and the last byte of memory */

#ifdef __cplusplus
}
#endif

#endif
