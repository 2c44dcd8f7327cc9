// block_map.hpp - which blocks of the disk are in use, and which must not be overwritten
#pragma once

#include "kernel/fs/layout.hpp"

namespace detour
{

// A set of block numbers below kMostBlocks.
class BlockSet
{
public:
    bool contains(uint32_t block) const { return (words_[block / 32] & bit(block)) != 0; }
    void insert(uint32_t block) { words_[block / 32] |= bit(block); }
    void erase(uint32_t block) { words_[block / 32] &= ~bit(block); }
    void clear() { words_ = {}; }
    void insert_all(const BlockSet &others);
    friend bool operator==(const BlockSet &, const BlockSet &) = default;

private:
    friend class BlockMap;
    static constexpr uint32_t kWords = kMostBlocks / 32;
    static constexpr uint32_t bit(uint32_t block) { return uint32_t{1} << (block % 32); }
    std::array<uint32_t, kWords> words_{};
};

// The blocks behind the superblocks. `current` are those of the files as they are now. A block that a superblock on the
// disk may lead to is fixed: it stays as it is, whether it is current or not.
class BlockMap
{
public:
    BlockSet current;

    // Begins with a disk of this many blocks, all free.
    void begin(uint32_t blocks);

    // A free block, which is then current; 0 if there is none.
    uint32_t allocate();

    // The block is not current any more. It is free at once unless it is fixed.
    void release(uint32_t block);

    bool is_fixed(uint32_t block) const { return reached_[0].contains(block) || reached_[1].contains(block); }
    uint32_t free_blocks() const { return free_; }

    // Superblock `slot` is about to be written, and to lead to the current blocks: from here on it may lead to them, or
    // still to those that it led to.
    void may_reach_current(uint32_t slot);

    // Superblock `slot` is on the disk, and leads to exactly the current blocks.
    void reaches_current(uint32_t slot);

private:
    void count_free();
    uint32_t used_word(uint32_t index) const;

    std::array<BlockSet, kSuperblocks> reached_{}; // the blocks that each superblock may lead to
    uint32_t blocks_ = 0;
    uint32_t free_ = 0; // blocks in none of the three sets
    uint32_t next_ = 0; // where the search for a free one goes on, a word of the sets
};

} // namespace detour
