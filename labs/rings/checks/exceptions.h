/*
 * exceptions.h - for checks: which exceptions come, and what the kernel's own functions say of their frames
 */
#ifndef EXCEPTIONS_H
#define EXCEPTIONS_H

#include "rings.h"

/* The last exception since forget_exceptions(); vector NONE if there was none. */
struct seen {
    uint32 vector, error, address;
    uint32 below;                /* from ring 3: how many bytes below prstkbase SS has been pushed */
    const char *access, *reason; /* of a page fault: page_fault_access() and page_fault_reason() */
};
#define NONE 255
extern struct seen seen;
void forget_exceptions(void);

/* From now on exceptions 0, 3, 6, 13 and 14 are looked at before the kernel gets them. */
void watch_exceptions(void);

#endif
