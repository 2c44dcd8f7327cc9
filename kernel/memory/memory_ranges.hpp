// memory_ranges.hpp - the set of usable addresses, built while the boot loader's memory map is read
#pragma once

#include "kernel/base/arch.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace detour
{

// Ranges in ascending order that neither overlap nor touch, whatever the order in which addresses are added and
// removed. If there are more ranges than fit, the highest are dropped.
class MemoryRanges
{
public:
    static constexpr std::size_t kCapacity = 32;

    // The addresses first..end-1; all page aligned. Nothing if end <= first.
    void add(uint32_t first, uint32_t end);
    void remove(uint32_t first, uint32_t end);

    [[nodiscard]] std::span<const arch::MemoryRange> all() const { return {ranges_.data(), count_}; }

private:
    void append(uint32_t first, uint32_t end);

    std::array<arch::MemoryRange, kCapacity> ranges_{};
    std::size_t count_ = 0;
};

} // namespace detour
