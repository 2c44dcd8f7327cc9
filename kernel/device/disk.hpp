// disk.hpp - the disk of the files: an IDE disk, or memory
//
// Called with interrupts masked, by one process at a time. While an IDE disk works, the calling process waits and
// others run; the null process, which cannot wait, polls. The process may be ended meanwhile: the next call then waits
// for the end of its command.
#pragma once

#include <cstdint>

namespace detour
{

// Blocks of kBlockBytes bytes; 0: there is no disk.
uint32_t disk_blocks();

// Makes this memory the disk.
void disk_use_memory(char *memory, uint32_t blocks);
bool disk_is_memory();

// False: the disk reports an error. What was written may be lost, and in any order, until disk_flush() has returned
// true.
bool disk_read(uint32_t block, void *to);
bool disk_write(uint32_t block, const void *from);
bool disk_flush();

// The interrupt of the IDE disk. Returns true if a process became ready; the caller then calls resched().
bool disk_interrupt();

} // namespace detour
