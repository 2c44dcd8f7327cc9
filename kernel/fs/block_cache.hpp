// block_cache.hpp - copies of blocks of the disk in memory
#pragma once

#include "kernel/fs/layout.hpp"

namespace detour
{

// A block in memory; of a file's data or an indirect block.
struct CachedBlock {
    std::array<uint32_t, kPointersPerBlock> words{};
    uint32_t block = kNone; // its number
    uint32_t used = 0;      // when it was used last
    bool dirty = false;     // to be written to the disk

    static constexpr uint32_t kNone = UINT32_MAX;

    char *bytes() { return reinterpret_cast<char *>(words.data()); }
};

// The blocks that were used last. A dirty one may be written at any time: between two syncs, the order of writes does
// not matter. A function that waits for the disk leaves the cache intact if the process ends meanwhile. The few blocks
// that were used last stay where they are: those of one path through a file.
class BlockCache
{
public:
    // Forgets all.
    void begin();

    // The block, from the disk if it is not here; nullptr if the disk has failed. May wait.
    CachedBlock *read(uint32_t block);

    // The block, which was just read.
    CachedBlock &get(uint32_t block);

    // Writes the dirty ones among the `count` blocks that were not used for longest: so many calls of add() then find
    // room without waiting. Returns false if the disk has failed. May wait.
    bool make_room(uint32_t count);

    // A new block of zeros, dirty, with this number, in the room that make_room() made.
    CachedBlock &add(uint32_t block);

    // The copy becomes that of another block, and dirty.
    void move(CachedBlock &copy, uint32_t block);

    // Writes all dirty blocks. Returns false if the disk has failed. May wait.
    bool write_all();

private:
    static constexpr uint32_t kBlocks = 16;

    CachedBlock *find(uint32_t block);
    CachedBlock &oldest();
    CachedBlock &use(CachedBlock &copy);
    void drop(uint32_t block);

    std::array<CachedBlock, kBlocks> copies_{};
    uint32_t time_ = 0;
};

} // namespace detour
