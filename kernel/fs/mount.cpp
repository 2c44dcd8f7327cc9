// mount.cpp - from the state on the disk to the state in memory; making and checking a file system
#include "kernel/device/disk.hpp"
#include "kernel/fs/checksum.hpp"
#include "kernel/fs/walk.hpp"

#include <algorithm>

namespace detour
{

namespace
{

bool is_superblock(const Superblock &superblock, uint32_t disk_blocks)
{
    return superblock.magic == kSuperblockMagic && superblock.checksum == checksum(superblock) &&
           superblock.blocks >= kLeastBlocks && superblock.blocks <= std::min(disk_blocks, kMostBlocks);
}

// An entry that is free, or one of a file; its pointers are not judged.
bool is_entry(const DirectoryEntry &entry)
{
    if (entry.name[0] == '\0')
        return entry.size == 0 && std::ranges::all_of(entry.name, [](char c) { return c == '\0'; });
    return FileSystem::is_name(entry.name.data()) && entry.size <= kMostBlocks * kBlockBytes;
}

} // namespace

// Forgets all state but the superblocks, and begins with this many blocks, all free.
void FileSystem::begin(uint32_t blocks)
{
    blocks_ = blocks;
    capacity_ = blocks - kSuperblocks - kDirectoryBlocks - kReserve;
    used_ = 0;
    changed_ = 0;
    doomed_ = {};
    doomed_size_ = 0;
    directory_ = {};
    places_ = {};
    map_.begin(blocks);
    cache_.begin();
}

FileStatus FileSystem::format()
{
    begin(std::min(disk_blocks(), kMostBlocks));
    generation_ = 0;
    slot_ = 1;
    return commit() && commit() ? FileStatus::kOk : FileStatus::kDiskFailed;
}

MountStatus FileSystem::mount()
{
    if (disk_blocks() < kLeastBlocks)
        return MountStatus::kNoDisk;
    std::array<bool, kSuperblocks> valid{};
    if (!read_superblocks(valid))
        return MountStatus::kDiskFailed;
    if (!valid[0] && !valid[1])
        return what_else_is_there();
    const bool second = valid[1] && (!valid[0] || superblocks_[1].generation > superblocks_[0].generation);
    const uint32_t newest = second ? 1 : 0;
    generation_ = superblocks_[newest].generation;
    begin(superblocks_[newest].blocks);
    const MountStatus status = mount_newest(newest, valid[1 - newest]);
    return status == MountStatus::kDamaged || keep_reserve() ? status : MountStatus::kDiskFailed;
}

bool FileSystem::read_superblocks(std::array<bool, kSuperblocks> &valid)
{
    for (uint32_t slot = 0; slot < kSuperblocks; ++slot) {
        if (!disk_read(slot, &superblocks_[slot]))
            return false;
        valid[slot] = is_superblock(superblocks_[slot], disk_blocks());
    }
    return true;
}

// The other state is loaded first, so that its blocks are known and stay as they are.
MountStatus FileSystem::mount_newest(uint32_t newest, bool other_valid)
{
    const bool other_loaded = other_valid && load(1 - newest);
    slot_ = newest;
    if (load(newest)) {
        const bool first_sync = generation_ == 1; // there is no other state yet
        return other_loaded || first_sync ? MountStatus::kOk : MountStatus::kOneSuperblock;
    }
    slot_ = 1 - newest;
    return other_loaded && load(slot_) ? MountStatus::kOneSuperblock : MountStatus::kDamaged;
}

// There is no valid superblock.
MountStatus FileSystem::what_else_is_there()
{
    for (const Superblock &superblock : superblocks_)
        if (superblock.magic == kSuperblockMagic)
            return MountStatus::kDamaged;
    cache_.begin();
    for (uint32_t block = 0; block < disk_blocks(); ++block) {
        const CachedBlock *copy = cache_.read(block);
        if (copy == nullptr)
            return MountStatus::kDiskFailed;
        if (std::ranges::count(copy->words, 0U) != kPointersPerBlock)
            return MountStatus::kForeign;
    }
    return MountStatus::kBlank;
}

// Takes up the state that a superblock leads to. Returns false if it is not intact.
bool FileSystem::load(uint32_t slot)
{
    map_.current.clear();
    used_ = 0;
    if (!read_directory(superblocks_[slot]) || !collect(map_.current, used_) || used_ > capacity_)
        return false;
    map_.reaches_current(slot);
    return true;
}

bool FileSystem::read_directory(const Superblock &superblock)
{
    directory_ = {};
    places_ = superblock.directory;
    for (uint32_t part = 0; part < kDirectoryBlocks; ++part) {
        if (places_[part] == 0)
            continue;
        if (places_[part] >= blocks_ || !disk_read(places_[part], &directory_[part * kFilesPerBlock]))
            return false;
    }
    return std::ranges::all_of(directory_, is_entry);
}

// Adds all blocks that the directory leads to, and its own; `used` counts those of files. Returns false if there is one
// twice, or a number that can be none.
bool FileSystem::collect(BlockSet &found, uint32_t &used)
{
    const auto add = [&](uint32_t block) {
        const bool is_new = block >= kSuperblocks && block < blocks_ && !found.contains(block);
        if (is_new)
            found.insert(block);
        return is_new;
    };
    for (const uint32_t place : places_)
        if (place != 0 && !add(place))
            return false;
    for (const DirectoryEntry &entry : directory_) {
        const bool intact = walk(entry.blocks, entry.size, [&](uint32_t block) {
            ++used;
            return add(block);
        });
        if (!intact)
            return false;
    }
    return true;
}

bool FileSystem::check()
{
    uint32_t used = 0;
    release_doomed();
    found_.clear();
    return collect(found_, used) && found_ == map_.current && used == used_;
}

} // namespace detour
