/*
 * process_entry.h - the words of a process's entry in the process table that assembly reads
 *
 * The entry of process N is at proctab + (N << PROCESS_SHIFT).
 */
#ifndef DETOUR_PROCESS_ENTRY_H
#define DETOUR_PROCESS_ENTRY_H

#define PROCESS_SHIFT 7
#define PROCESS_PRETYPE 46 /* uint16: 0 if no callback is registered */

#ifndef __ASSEMBLER__

#include <xinu/process.h>

#include <cstddef>

#ifndef DETOUR_HOST_TEST /* pointers of 4 bytes */
static_assert(sizeof(procent) == 1 << PROCESS_SHIFT);
static_assert(offsetof(procent, pretype) == PROCESS_PRETYPE);
#endif

#endif
#endif
