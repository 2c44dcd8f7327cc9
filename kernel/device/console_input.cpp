#include "kernel/device/console_input.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/process/semaphore.hpp"

#include <algorithm>
#include <array>

namespace detour
{

namespace
{

constinit std::array<char, 256> buffer{};
constinit unsigned first = 0;
constinit unsigned count = 0;

// Wakes several readers, each of which checks again, and wakes more if there are characters left: one that is woken may
// be ended before it takes its character.
bool wake_readers()
{
    uint32_t woken = 0;
    while (woken < kReadyAtOnce && signal_one(kConsoleInput))
        ++woken;
    semtab[kConsoleInput].scount = std::min(semtab[kConsoleInput].scount, 0);
    return woken != 0;
}

} // namespace

bool console_empty()
{
    return count == 0;
}

bool console_collect()
{
    while (count < buffer.size()) {
        const int c = arch::console_read();
        if (c < 0)
            break;
        buffer[(first + count++) % buffer.size()] = c == '\r' ? '\n' : static_cast<char>(c); // Enter sends CR
    }
    return count != 0 && wake_readers();
}

char console_peek()
{
    return buffer[first];
}

char console_take()
{
    const char c = buffer[first];
    first = (first + 1) % buffer.size();
    --count;
    return c;
}

} // namespace detour
