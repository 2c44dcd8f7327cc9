// walk.hpp - all blocks of a file; a part of file_system.hpp
#pragma once

#include "kernel/fs/file_system.hpp"

namespace detour
{

// The block at the top of a tree of this height, and all below it: those of data are the file's from `first` on.
template <uint32_t kHeight, typename Visit>
bool FileSystem::walk_below(uint32_t block, uint32_t first, uint32_t count, Visit &visit)
{
    if ((block != 0) != (first < count))
        return false;
    if (block == 0)
        return true;
    if (!visit(block))
        return false;
    if constexpr (kHeight > 0) {
        for (uint32_t index = 0; index < kPointersPerBlock; ++index) {
            const CachedBlock *copy = cache_.read(block); // each time: reading those below it may have displaced it
            if (copy == nullptr || !walk_below<kHeight - 1>(copy->words[index], first, count, visit))
                return false;
            first += kHeight == 1 ? 1 : kPointersPerBlock;
        }
    }
    return true;
}

// Calls visit(block) for each block of a file of this size, an indirect one before those that it leads to. Returns
// false as soon as that does, the disk fails, or there is not exactly the block that the size asks for. May wait.
template <typename Visit> bool FileSystem::walk(const BlockPointers &blocks, uint32_t size, Visit visit)
{
    const uint32_t count = (size + kBlockBytes - 1) / kBlockBytes;
    for (uint32_t index = 0; index < kDirectBlocks; ++index)
        if (!walk_below<0>(blocks[index], index, count, visit))
            return false;
    return walk_below<1>(blocks[kDirectBlocks], kDirectBlocks, count, visit) &&
           walk_below<2>(blocks[kDirectBlocks + 1], kDirectBlocks + kPointersPerBlock, count, visit);
}

} // namespace detour
