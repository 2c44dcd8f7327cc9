#include "kernel/fs/shared_files.hpp"

#include "kernel/base/print.hpp"
#include "kernel/device/disk.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu/types.h>

namespace detour
{

constinit FileSystem shared_files{};

namespace
{

enum class Mounted : uint8_t { kNotYet, kYes, kNo };
constinit Mounted mounted = Mounted::kNotYet;

constexpr uint32_t kMemoryBytes = 1024 * 1024; // for files, on a machine without a disk; a quarter of what is free
constexpr uint32_t kLeastShare = 4;

// Says what to do. Nullptr: nothing.
const char *advice(MountStatus status)
{
    switch (status) {
    case MountStatus::kOneSuperblock:
        return "one of the two superblocks of the disk is damaged; the files may be those before the last sync";
    case MountStatus::kForeign:
        return "the disk holds something else; use another one (DISK), or lfscreate(LFILESYS, 0, 0) to overwrite it";
    case MountStatus::kDamaged:
        return "the files on the disk are damaged; use another one (DISK), or lfscreate(LFILESYS, 0, 0) to begin anew";
    case MountStatus::kDiskFailed:
        return "the disk reports an error";
    case MountStatus::kNoDisk:
        return "there is no memory for files, and no disk (DISK)";
    case MountStatus::kBlank:
    case MountStatus::kOk:
        return nullptr;
    }
    return nullptr;
}

// Takes memory as the disk. It belongs to no process.
bool take_memory(bool enabled)
{
    uint32_t bytes = kMemoryBytes;
    while (bytes > page_allocator.free_pages() * kPageBytes / kLeastShare)
        bytes /= 2;
    if (bytes < kLeastBlocks * kBlockBytes)
        return false;
    const uint32_t begin = attempt_with_remains(enabled, [&] { return heap.getmem(bytes, kNullProcess); });
    if (begin != 0)
        disk_use_memory(reinterpret_cast<char *>(static_cast<uintptr_t>(begin)), bytes / kBlockBytes);
    return begin != 0;
}

MountStatus format_now()
{
    return shared_files.format() == FileStatus::kOk ? MountStatus::kOk : MountStatus::kDiskFailed;
}

MountStatus mount_disk_or_memory(bool enabled)
{
    if (disk_blocks() == 0)
        return take_memory(enabled) ? format_now() : MountStatus::kNoDisk;
    const MountStatus status = shared_files.mount();
    return status == MountStatus::kBlank ? format_now() : status;
}

void note(MountStatus status)
{
    const bool usable = status == MountStatus::kOk || status == MountStatus::kOneSuperblock;
    mounted = usable ? Mounted::kYes : Mounted::kNo;
}

// Returns what is to be said about it.
const char *mount_if_not_yet()
{
    const FilesGuard guard;
    if (mounted != Mounted::kNotYet)
        return nullptr;
    const MountStatus status = mount_disk_or_memory(guard.enabled_before());
    note(status);
    return advice(status);
}

} // namespace

bool prepare_files()
{
    if (const char *said = mount_if_not_yet())
        print("files: %s\n", said);
    return mounted == Mounted::kYes;
}

bool format_shared_files(bool any)
{
    if (!any && !disk_is_memory())
        return false;
    if (disk_blocks() < kLeastBlocks)
        return false;
    note(format_now());
    return mounted == Mounted::kYes;
}

} // namespace detour
