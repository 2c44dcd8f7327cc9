/* debug.h - the CPU's debug registers, to look at one instruction or at writes to a variable */
#ifndef DEBUG_H
#define DEBUG_H

#include <alarm.h>

#define DEBUG_EXECUTE 0 /* what is watched for: see Intel SDM vol. 3, 17.2.4 */
#define DEBUG_WRITE 1

struct watched {
    uint32 hits;
    uint32 flags_or; /* EFLAGS at the hits, or-ed together */
};
extern struct watched watched[4];

/* Watches, with debug register 0 to 3: the instruction at the address, or writes to these bytes (1, 2 or 4). */
void debug_watch(uint32 number, const volatile void *address, uint32 kind, uint32 bytes);
void debug_end(void);

#endif
