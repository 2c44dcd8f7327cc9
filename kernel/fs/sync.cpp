// sync.cpp - from the state in memory to the state on the disk
#include "kernel/fs/file_system.hpp"

#include "kernel/device/disk.hpp"
#include "kernel/fs/checksum.hpp"

namespace detour
{

FileStatus FileSystem::sync()
{
    release_doomed();
    if (changed_ != 0 && !commit())
        return FileStatus::kDiskFailed;
    return keep_reserve() ? FileStatus::kOk : FileStatus::kDiskFailed;
}

// Blocks of the sync before the last one become free by another sync, and those of the last one by two.
bool FileSystem::keep_reserve()
{
    for (int syncs = 0; syncs < 2 && map_.free_blocks() < kReserve; ++syncs)
        if (!commit())
            return false;
    return map_.free_blocks() >= kReserve;
}

// First all that the new superblock leads to, then, when the disk has that, the superblock.
bool FileSystem::commit()
{
    return place_directory() && cache_.write_all() && write_directory() && disk_flush() && write_superblock();
}

// Moves the parts of the directory that have changed to free blocks.
bool FileSystem::place_directory()
{
    for (uint32_t part = 0; part < kDirectoryBlocks; ++part) {
        uint32_t &place = places_[part];
        if ((changed_ & 1U << part) == 0 || (place != 0 && !map_.is_fixed(place)))
            continue;
        const uint32_t block = map_.allocate();
        if (block == 0)
            return false;
        if (place != 0)
            map_.release(place);
        place = block;
    }
    return true;
}

bool FileSystem::write_directory()
{
    for (uint32_t part = 0; part < kDirectoryBlocks; ++part)
        if ((changed_ & 1U << part) != 0 && !disk_write(places_[part], &directory_[part * kFilesPerBlock]))
            return false;
    return true;
}

// Until the disk has confirmed it, it is unknown which superblock is there: what either leads to stays fixed.
bool FileSystem::write_superblock()
{
    const uint32_t slot = 1 - slot_;
    Superblock &superblock = superblocks_[slot];
    superblock.magic = kSuperblockMagic;
    superblock.blocks = blocks_;
    superblock.generation = ++generation_;
    superblock.directory = places_;
    superblock.reserved = {};
    superblock.checksum = checksum(superblock);
    map_.may_reach_current(slot);
    if (!disk_write(slot, &superblock) || !disk_flush())
        return false;
    map_.reaches_current(slot);
    slot_ = slot;
    changed_ = 0;
    return true;
}

} // namespace detour
