// checksum.hpp - tells a superblock that was written as a whole from anything else
#pragma once

#include "kernel/fs/layout.hpp"

namespace detour
{

// FNV-1a over the words before the checksum itself: each step is a bijection, so that no single wrong word is missed.
inline uint32_t checksum(const Superblock &superblock)
{
    const auto *word = reinterpret_cast<const uint32_t *>(&superblock);
    uint32_t sum = 2166136261;
    for (; word != &superblock.checksum; ++word)
        sum = (sum ^ *word) * 16777619;
    return sum;
}

} // namespace detour
