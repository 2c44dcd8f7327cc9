/* bufpool.h - pools of buffers of one size (system/bufpool.cpp) */
#ifndef XINU_BUFPOOL_H
#define XINU_BUFPOOL_H

#include <xinu/types.h>

#define NBPOOLS 20   /* pools */
#define BP_MINB 8    /* the smallest size of a buffer in bytes */
#define BP_MAXB 8192 /* the largest */
#define BP_MAXN 2048 /* the most buffers of a pool */

/*
 * A pool. The word before each buffer holds the pool's id while the buffer is in use; in a free one it leads to the
 * next free one.
 */
struct bpentry {
    struct bpentry *bpnext; /* the word before the first free buffer; those that were never in use are not listed */
    sid32 bpsem;            /* counts the free buffers */
    uint32 bpsize;          /* bytes of a buffer, a multiple of 4 */
};

#ifdef __cplusplus
extern "C" {
#endif

extern struct bpentry buftab[]; /* NBPOOLS entries */
extern bpid32 nbpools;          /* those in use, which are the first ones */

/* Removes nothing: there are no pools at the start. For programs that call it. Returns OK. */
status bufinit(void);

/*
 * A new pool of numbufs buffers of bufsiz bytes, which are rounded up to a multiple of 4. Returns its id. A pool stays.
 * SYSERR: a size or number out of range, too many pools, no memory or semaphore.
 */
bpid32 mkbufpool(int32 bufsiz, int32 numbufs);

char *getbuf(bpid32 pool);     /* a buffer; blocks until one is free. (char *)SYSERR: no such pool */
syscall freebuf(char *buffer); /* a buffer from getbuf(), which goes back to its pool; SYSERR: it is none */

#ifdef __cplusplus
}
#endif

#endif
