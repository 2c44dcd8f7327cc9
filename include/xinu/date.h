/* date.h - the time of day (system/date.cpp) */
#ifndef XINU_DATE_H
#define XINU_DATE_H

#include <xinu/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Stores the seconds since 1970-01-01 00:00:00 UTC, which the machine's real-time clock says; gettime() the same, as
 * there is no time zone. SYSERR: the machine has no such clock, or timvar is NULL.
 */
status getutime(uint32 *timvar);
status gettime(uint32 *timvar);

/* Stores such a time as text, "Nov 28, 2026 17:04:59", at most 22 bytes with the NUL. */
status ascdate(uint32 time, char *text);

#ifdef __cplusplus
}
#endif

#endif
