#include "kernel/user/access.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/address_space.hpp"
#include "kernel/user/space.hpp"

#include <xinu/userspace.h>

#include <algorithm>
#include <cstring>

namespace detour
{

namespace
{

void *user_pointer(uint32_t address)
{
    return reinterpret_cast<void *>(static_cast<uintptr_t>(address));
}

// Pages checked at a time with interrupts masked: more than any call but read() and write() needs.
constexpr uint32_t kPagesAtOnce = 32;

// Of a string, bytes copied and searched at a time.
constexpr uint32_t kBytesAtOnce = 256;

constexpr uint32_t bytes_to_page_end(uint32_t address)
{
    return kPageBytes - address % kPageBytes;
}

} // namespace

bool is_user_range(uint32_t address, uint32_t bytes, bool for_writing)
{
    if (bytes == 0)
        return true;
    if (address < USER_BEGIN || address >= USER_END || bytes > USER_END - address)
        return false;
    const uint32_t directory = user_registers[current_id()].directory;
    const uint32_t first = address / kPageBytes;
    const uint32_t last = (address + (bytes - 1)) / kPageBytes;
    for (uint32_t page = first; page <= last; ++page) {
        if (arch::user_page(directory, page * kPageBytes, for_writing) == 0)
            return false;
        if ((page - first) % kPagesAtOnce == kPagesAtOnce - 1)
            let_interrupts_in(true); // safe: only the process itself changes its mappings
    }
    return true;
}

bool copy_from_user(std::span<std::byte> to, uint32_t from)
{
    const auto bytes = static_cast<uint32_t>(to.size());
    if (!is_user_range(from, bytes, false))
        return false;
    arch::copy_user(to.data(), user_pointer(from), bytes);
    return true;
}

bool copy_to_user(uint32_t to, std::span<const std::byte> from)
{
    const auto bytes = static_cast<uint32_t>(from.size());
    if (!is_user_range(to, bytes, true))
        return false;
    arch::copy_user(user_pointer(to), from.data(), bytes);
    return true;
}

// Copies no further than to the end of a page at a time: the string may end just before memory that is not the
// process's.
std::optional<uint32_t> copy_string_from_user(std::span<char> to, uint32_t from)
{
    uint32_t length = 0;
    while (length < to.size()) {
        const auto room = static_cast<uint32_t>(to.size()) - length;
        const uint32_t bytes = std::min({room, bytes_to_page_end(from + length), kBytesAtOnce});
        if (!copy_from_user(std::as_writable_bytes(to.subspan(length, bytes)), from + length))
            return std::nullopt;
        if (const void *nul = std::memchr(&to[length], '\0', bytes))
            return static_cast<uint32_t>(static_cast<const char *>(nul) - to.data());
        length += bytes;
        if (length < to.size())
            let_interrupts_in(true);
    }
    return length;
}

} // namespace detour
