/* semaphore.h - the semaphore table */
#ifndef XINU_SEMAPHORE_H
#define XINU_SEMAPHORE_H

#include <xinu/config.h>
#include <xinu/types.h>

#define S_FREE 0
#define S_USED 1

struct sentry {
    byte sstate;  /* S_FREE or S_USED */
    int32 scount; /* if negative: minus the number of waiting processes */
};

#define isbadsem(s) ((int32)(s) < 0 || (int32)(s) >= NSEM)

#ifdef __cplusplus
extern "C" {
#endif

extern struct sentry semtab[]; /* NSEM entries */

#ifdef __cplusplus
}
#endif

#endif
