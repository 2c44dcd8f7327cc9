// access.hpp - pointers from ring 3: nothing behind them is touched before it has been checked
//
// All of it is about the current process. Interrupts are masked, and only the process itself changes its
// mappings, so what has been checked stays so until the process runs again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace detour
{

// Whether ring 3 may read all of these bytes (or write them). Zero bytes are always fine.
bool is_user_range(uint32_t address, uint32_t bytes, bool for_writing);

// Copies whole objects between the kernel and ring 3. False, and nothing copied, if ring 3 could not do it
// itself.
bool copy_from_user(std::span<std::byte> to, uint32_t from);
bool copy_to_user(uint32_t to, std::span<const std::byte> from);

template <typename Object> bool read_user(Object &to, uint32_t from)
{
    return copy_from_user(std::as_writable_bytes(std::span(&to, 1)), from);
}
template <typename Object> bool write_user(uint32_t to, const Object &from)
{
    return copy_to_user(to, std::as_bytes(std::span(&from, 1)));
}

// Copies a NUL-terminated string. Returns its length without the NUL; nothing if a byte of it is not ring 3's
// to read. A string that is longer than the room comes back cut, with length to.size().
std::optional<uint32_t> copy_string_from_user(std::span<char> to, uint32_t from);

} // namespace detour
