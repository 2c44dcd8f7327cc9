#include "kernel/console_input.hpp"

#include "kernel/arch.hpp"
#include "kernel/semaphore.hpp"

#include <array>

namespace detour
{

namespace
{

constinit std::array<char, 256> buffer{};
constinit unsigned first = 0;
constinit unsigned count = 0;

} // namespace

bool console_collect()
{
    bool woken = false;
    while (count < buffer.size()) {
        const int c = arch::console_read();
        if (c < 0)
            break;
        buffer[(first + count++) % buffer.size()] = c == '\r' ? '\n' : static_cast<char>(c); // Enter sends CR
        woken |= signal_one(kConsoleInput);
    }
    return woken;
}

char console_take()
{
    const char c = buffer[first];
    first = (first + 1) % buffer.size();
    --count;
    return c;
}

} // namespace detour
