#include "kernel/fs/block_map.hpp"

#include <bit>

namespace detour
{

void BlockSet::insert_all(const BlockSet &others)
{
    for (uint32_t index = 0; index < kWords; ++index)
        words_[index] |= others.words_[index];
}

void BlockMap::begin(uint32_t blocks)
{
    current.clear();
    reached_[0].clear();
    reached_[1].clear();
    blocks_ = blocks;
    next_ = 0;
    count_free();
}

// The 32 blocks of a word of the sets: which are not free. The superblocks and what is beyond the disk never are.
uint32_t BlockMap::used_word(uint32_t index) const
{
    uint32_t used = current.words_[index] | reached_[0].words_[index] | reached_[1].words_[index];
    if (index == 0)
        used |= BlockSet::bit(kSuperblocks) - 1;
    if (index >= blocks_ / 32)
        used |= index == blocks_ / 32 ? ~(BlockSet::bit(blocks_) - 1) : ~uint32_t{0};
    return used;
}

void BlockMap::count_free()
{
    free_ = 0;
    for (uint32_t index = 0; index < BlockSet::kWords; ++index)
        free_ += static_cast<uint32_t>(std::popcount(~used_word(index)));
}

uint32_t BlockMap::allocate()
{
    for (uint32_t tried = 0; tried < BlockSet::kWords; ++tried) {
        if (const uint32_t free = ~used_word(next_); free != 0) {
            const uint32_t block = next_ * 32 + static_cast<uint32_t>(std::countr_zero(free));
            current.insert(block);
            --free_;
            return block;
        }
        next_ = (next_ + 1) % BlockSet::kWords;
    }
    return 0;
}

void BlockMap::release(uint32_t block)
{
    current.erase(block);
    if (!is_fixed(block))
        ++free_;
}

void BlockMap::may_reach_current(uint32_t slot)
{
    reached_[slot].insert_all(current);
}

void BlockMap::reaches_current(uint32_t slot)
{
    reached_[slot] = current;
    count_free();
}

} // namespace detour
