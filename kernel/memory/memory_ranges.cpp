#include "kernel/memory/memory_ranges.hpp"

#include <algorithm>

namespace detour
{

void MemoryRanges::append(uint32_t first, uint32_t end)
{
    if (first < end && count_ < kCapacity)
        ranges_[count_++] = {first, end - first};
}

void MemoryRanges::add(uint32_t first, uint32_t end)
{
    if (end <= first)
        return;
    MemoryRanges result;
    for (const arch::MemoryRange &range : all())
        if (range.base + range.bytes < first)
            result.append(range.base, range.base + range.bytes);
    for (const arch::MemoryRange &range : all())
        if (range.base <= end && range.base + range.bytes >= first) { // they touch
            first = std::min(first, range.base);
            end = std::max(end, range.base + range.bytes);
        }
    result.append(first, end);
    for (const arch::MemoryRange &range : all())
        if (range.base > end)
            result.append(range.base, range.base + range.bytes);
    *this = result;
}

void MemoryRanges::remove(uint32_t first, uint32_t end)
{
    if (end <= first)
        return;
    MemoryRanges result;
    for (const arch::MemoryRange &range : all()) {
        result.append(range.base, std::min(range.base + range.bytes, first));
        result.append(std::max(range.base, end), range.base + range.bytes);
    }
    *this = result;
}

} // namespace detour
