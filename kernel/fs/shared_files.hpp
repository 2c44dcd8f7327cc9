// shared_files.hpp - the files of this machine, and the right to work on them
#pragma once

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/fs/file_system.hpp"
#include "kernel/process/file_lock.hpp"
#include "kernel/sched/scheduler.hpp"

namespace detour
{

extern FileSystem shared_files;

// Mounts the disk, or memory if there is none, at the first call. Returns false, and prints why at the first call, if
// there is no file system on the disk.
bool prepare_files();

// While it exists, the current process works on the files, with interrupts masked; and no other does.
class FilesGuard
{
public:
    [[nodiscard]] FilesGuard() { lock_files(); }
    ~FilesGuard()
    {
        if (unlock_files())
            resched();
    }
    FilesGuard(const FilesGuard &) = delete;
    FilesGuard &operator=(const FilesGuard &) = delete;
    bool enabled_before() const { return guard_.enabled_before(); }

private:
    DeepSystemCallGuard guard_;
};

// Makes an empty file system, which is then mounted; with `any`, also if the files are, or would be, on a disk. Expects
// a FilesGuard.
bool format_shared_files(bool any);

} // namespace detour
