#include "kernel/base/log.hpp"

#include <algorithm>
#include <array>

namespace detour
{

namespace
{

constinit std::array<char, kLogBytes> kept{};

// Not in .bss, which lies beyond the memory when the image is refused for its size. Once it wraps, 4 GiB have been
// printed, and the log is short for a while.
[[gnu::section(".data")]] constinit uint32_t recorded = 0;

} // namespace

void log_record(char c)
{
    kept[recorded % kLogBytes] = c;
    ++recorded;
}

uint32_t log_copy(char *to, uint32_t bytes)
{
    const uint32_t end = recorded;
    const uint32_t count = std::min({bytes, end, kLogBytes});
    for (uint32_t i = end - count; i != end; ++i)
        *to++ = kept[i % kLogBytes];
    return count;
}

} // namespace detour
