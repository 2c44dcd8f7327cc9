#include "kernel/fs/block_cache.hpp"

#include "kernel/base/assert.hpp"
#include "kernel/device/disk.hpp"

#include <algorithm>

namespace detour
{

namespace
{

bool write(CachedBlock &copy)
{
    if (copy.dirty && !disk_write(copy.block, copy.bytes()))
        return false;
    copy.dirty = false;
    return true;
}

} // namespace

void BlockCache::begin()
{
    copies_ = {};
    time_ = 0;
}

CachedBlock *BlockCache::find(uint32_t block)
{
    const auto found = std::ranges::find(copies_, block, &CachedBlock::block);
    return found == copies_.end() ? nullptr : &*found;
}

CachedBlock &BlockCache::oldest()
{
    return *std::ranges::min_element(copies_, {}, &CachedBlock::used);
}

CachedBlock &BlockCache::use(CachedBlock &copy)
{
    copy.used = ++time_;
    return copy;
}

void BlockCache::drop(uint32_t block)
{
    CachedBlock *copy = find(block);
    if (copy == nullptr)
        return;
    copy->block = CachedBlock::kNone;
    copy->used = 0;
    copy->dirty = false;
}

CachedBlock *BlockCache::read(uint32_t block)
{
    if (CachedBlock *copy = find(block))
        return &use(*copy);
    CachedBlock &copy = oldest();
    if (!write(copy))
        return nullptr;
    copy.block = CachedBlock::kNone; // until it has been read
    if (!disk_read(block, copy.bytes()))
        return nullptr;
    copy.block = block;
    return &use(copy);
}

CachedBlock &BlockCache::get(uint32_t block)
{
    CachedBlock *copy = find(block);
    KASSERT(copy != nullptr);
    return use(*copy);
}

bool BlockCache::make_room(uint32_t count)
{
    return std::ranges::all_of(copies_, [&](CachedBlock &copy) {
        const auto older = std::ranges::count_if(copies_, [&](const auto &other) { return other.used < copy.used; });
        return older >= static_cast<int>(count) || write(copy);
    });
}

CachedBlock &BlockCache::add(uint32_t block)
{
    drop(block); // a copy from before the block was free
    CachedBlock &copy = oldest();
    KASSERT(!copy.dirty);
    copy.words.fill(0);
    copy.block = block;
    copy.dirty = true;
    return use(copy);
}

void BlockCache::move(CachedBlock &copy, uint32_t block)
{
    drop(block);
    copy.block = block;
    copy.dirty = true;
}

bool BlockCache::write_all()
{
    return std::ranges::all_of(copies_, [](CachedBlock &copy) { return write(copy); });
}

} // namespace detour
