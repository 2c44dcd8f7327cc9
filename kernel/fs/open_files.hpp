// open_files.hpp - the files as the processes share them: one call at a time, on files that are open
//
// Each function masks interrupts, and waits until no other process works on the files. None touches the memory of a
// process: a call copies what it reads or writes from and to its own stack, so that a bad pointer ends only its
// process.
#pragma once

#include "kernel/fs/file_system.hpp"

#include <xinu/file.h>

#include <optional>

namespace detour
{

constexpr uint32_t kMostOpenFiles = 8;

// A copy of a file's name; the rest is zero.
using FileName = std::array<char, LF_NAME_LEN>;

// Removes everything, and makes an empty file system. `any`: also if it is on a disk. Returns false if a file is open,
// or the disk has failed.
bool make_files_anew(bool any);

// The rest expect that prepare_files() of shared_files.hpp has returned true. They return a number, OK or SYSERR.

// Opens the file of this name, or the directory, whose name is "."; mode: as lfgetmode() returns it. Returns the number
// of the open file, from 0.
int32 open_file(const FileName &name, int32 mode);
int32 close_file(uint32_t open); // and syncs

// The number of bytes read: at most to the end of a block; 0 at the end of the file; of a directory, one ldentry, and 0
// if there is no room for it.
int32 read_file(uint32_t open, char *to, uint32_t count);
int32 write_file(uint32_t open, const char *from, uint32_t count); // at most to the end of a block
int32 seek_file(uint32_t open, uint32_t position);                 // at most to the end of the file
int32 control_file(uint32_t open, int32 function);
int32 control_files(const FileName &name, int32 function);

} // namespace detour
