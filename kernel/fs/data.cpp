// data.cpp - what is in a file: reading and writing a block of it
#include "kernel/base/assert.hpp"
#include "kernel/fs/file_system.hpp"

#include <algorithm>
#include <cstring>

namespace detour
{

FileSystem::Path FileSystem::path_to(uint32_t index)
{
    if (index < kDirectBlocks)
        return {1, {index}};
    index -= kDirectBlocks;
    if (index < kPointersPerBlock)
        return {2, {kDirectBlocks, index}};
    index -= kPointersPerBlock;
    return {3, {kDirectBlocks + 1, index / kPointersPerBlock, index % kPointersPerBlock}};
}

// Reads the blocks of the path into the cache, as far as they exist. Nothing if the disk has failed. May wait.
std::optional<FileSystem::Fetched> FileSystem::fetch(const DirectoryEntry &entry, const Path &path)
{
    Fetched fetched{0, nullptr};
    uint32_t block = entry.blocks[path.pointers[0]];
    while (block != 0) {
        fetched.last = cache_.read(block);
        if (fetched.last == nullptr)
            return std::nullopt;
        if (++fetched.count == path.length)
            break;
        block = fetched.last->words[path.pointers[fetched.count]];
    }
    return fetched;
}

// The block of data at the end of a path that was fetched, to be written to. All blocks of the path become such that
// they may be overwritten. Does not wait.
CachedBlock &FileSystem::own(DirectoryEntry &entry, const Path &path)
{
    CachedBlock *copy = &own_block(entry.blocks[path.pointers[0]]);
    for (uint32_t step = 1; step < path.length; ++step)
        copy = &own_block(copy->words[path.pointers[step]]);
    return *copy;
}

// Makes the block behind a pointer, if there is none, or moves it to a free place, if it is fixed.
CachedBlock &FileSystem::own_block(uint32_t &pointer)
{
    if (pointer == 0) {
        pointer = map_.allocate();
        ++used_;
        return cache_.add(pointer);
    }
    CachedBlock &copy = cache_.get(pointer);
    if (map_.is_fixed(pointer)) {
        map_.release(pointer);
        pointer = map_.allocate();
        cache_.move(copy, pointer);
    }
    copy.dirty = true;
    return copy;
}

FileStatus FileSystem::read(uint32_t file, uint32_t offset, char *to, uint32_t count)
{
    const Path path = path_to(offset / kBlockBytes);
    const auto fetched = fetch(directory_[file], path);
    if (!fetched)
        return FileStatus::kDiskFailed;
    KASSERT(fetched->count == path.length);
    std::memcpy(to, fetched->last->bytes() + offset % kBlockBytes, count);
    return FileStatus::kOk;
}

FileStatus FileSystem::write(uint32_t file, uint32_t offset, const char *from, uint32_t count)
{
    DirectoryEntry &entry = directory_[file];
    const Path path = path_to(offset / kBlockBytes);
    release_doomed();
    if (!keep_reserve())
        return FileStatus::kDiskFailed;
    const auto fetched = fetch(entry, path);
    if (!fetched || !cache_.make_room(kPathBlocks))
        return FileStatus::kDiskFailed;
    if (path.length - fetched->count > free_blocks())
        return FileStatus::kFull;
    CachedBlock &data = own(entry, path); // from here on nothing waits
    std::memcpy(data.bytes() + offset % kBlockBytes, from, count);
    entry.size = std::max(entry.size, offset + count);
    touch(file);
    return FileStatus::kOk;
}

} // namespace detour
