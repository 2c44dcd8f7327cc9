// bitmap_index.hpp - a set of small integers that finds its largest member, or the nearest one to a key, in constant
// time
#pragma once

#include "kernel/base/assert.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <optional>

namespace detour
{

// A set of keys 0..32767 as a tree of 32-bit words, three levels deep. A bit of a leaf stands for a key; a bit of the
// middle level or of the root is set exactly while the word below it is not zero. All-zero bytes are the empty set. No
// operation has a loop: insert, erase and highest touch three words, first_at_least and highest_below at most five.
class BitmapIndex
{
public:
    static constexpr uint32_t kKeys = 32 * 32 * 32;

    bool empty() const { return root_ == 0; }

    // Whether `key` is a member; a key of kKeys or more never is.
    bool contains(uint32_t key) const { return key < kKeys && (leaf_[key / 32] & bit(key)) != 0; }

    // Adds `key`, which must be less than kKeys; adding a member again changes nothing.
    void insert(uint32_t key)
    {
        KASSERT(key < kKeys);
        leaf_[key / 32] |= bit(key);
        middle_[key / 1024] |= bit(key / 32);
        root_ |= bit(key / 1024);
    }

    // Removes `key`, which must be less than kKeys, from the set; removing a non-member changes nothing.
    void erase(uint32_t key)
    {
        KASSERT(key < kKeys);
        if ((leaf_[key / 32] &= ~bit(key)) != 0)
            return;
        if ((middle_[key / 1024] &= ~bit(key / 32)) != 0)
            return;
        root_ &= ~bit(key / 1024);
    }

    // The largest member, or nothing when the set is empty.
    std::optional<uint32_t> highest() const
    {
        if (root_ == 0)
            return std::nullopt;
        const uint32_t middle = highest_bit(root_);
        const uint32_t leaf = middle * 32 + highest_bit(middle_[middle]);
        return leaf * 32 + highest_bit(leaf_[leaf]);
    }

    // The smallest member that is `key` or larger, or nothing when there is none.
    std::optional<uint32_t> first_at_least(uint32_t key) const
    {
        if (key >= kKeys)
            return std::nullopt;
        const uint32_t leaf = key / 32;
        if (const uint32_t here = leaf_[leaf] & from(key))
            return leaf * 32 + lowest_bit(here);
        const uint32_t middle = leaf / 32;
        if (const uint32_t right = middle_[middle] & above(leaf))
            return lowest_in_leaf(middle * 32 + lowest_bit(right));
        if (const uint32_t right = root_ & above(middle))
            return lowest_in_middle(lowest_bit(right));
        return std::nullopt;
    }

    // The largest member that is smaller than `key`, or nothing when there is none.
    std::optional<uint32_t> highest_below(uint32_t key) const
    {
        if (key >= kKeys)
            return highest();
        const uint32_t leaf = key / 32;
        if (const uint32_t here = leaf_[leaf] & ~from(key))
            return leaf * 32 + highest_bit(here);
        const uint32_t middle = leaf / 32;
        if (const uint32_t left = middle_[middle] & ~from(leaf))
            return highest_in_leaf(middle * 32 + highest_bit(left));
        if (const uint32_t left = root_ & ~from(middle))
            return highest_in_middle(highest_bit(left));
        return std::nullopt;
    }

private:
    // Each takes a key or word number of any size; its low five bits are the bit position in the word.
    static constexpr uint32_t bit(uint32_t place) { return uint32_t{1} << (place % 32); }
    static constexpr uint32_t from(uint32_t place) { return ~uint32_t{0} << (place % 32); }
    static constexpr uint32_t above(uint32_t place) { return from(place) << 1; }

    // `word` must not be 0. The OR then never changes the result; it lets the compiler omit the test for 0. For 0..31,
    // XOR with 31 equals subtraction from 31; with bsr the compiler needs neither.
    static uint32_t highest_bit(uint32_t word) { return static_cast<uint32_t>(std::countl_zero(word | 1)) ^ 31; }
    static uint32_t lowest_bit(uint32_t word) { return static_cast<uint32_t>(std::countr_zero(word | 0x80000000U)); }

    uint32_t lowest_in_leaf(uint32_t leaf) const { return leaf * 32 + lowest_bit(leaf_[leaf]); }
    uint32_t lowest_in_middle(uint32_t middle) const
    {
        return lowest_in_leaf(middle * 32 + lowest_bit(middle_[middle]));
    }

    uint32_t highest_in_leaf(uint32_t leaf) const { return leaf * 32 + highest_bit(leaf_[leaf]); }
    uint32_t highest_in_middle(uint32_t middle) const
    {
        return highest_in_leaf(middle * 32 + highest_bit(middle_[middle]));
    }

    uint32_t root_ = 0;
    std::array<uint32_t, 32> middle_{};
    std::array<uint32_t, kKeys / 32> leaf_{};
};

} // namespace detour
