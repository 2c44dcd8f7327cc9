#include "kernel/console_input.hpp"

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

bool console_received(char c)
{
    if (count == buffer.size())
        return false;
    buffer[(first + count++) % buffer.size()] = c == '\r' ? '\n' : c; // the Enter key sends CR
    return signal_one(kConsoleInput);
}

char console_take()
{
    const char c = buffer[first];
    first = (first + 1) % buffer.size();
    --count;
    return c;
}

} // namespace detour
