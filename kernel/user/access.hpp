// access.hpp - pointers from ring 3: checked before the memory they point to is accessed
//
// All functions refer to the current process. Interrupts are masked, and only the process itself changes its mappings,
// so a check stays valid until the process runs again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace detour
{

// Whether ring 3 may read (or write) all of these bytes. True for zero bytes.
bool is_user_range(uint32_t address, uint32_t bytes, bool for_writing);

// Copy whole objects between the kernel and ring 3. Return false, with nothing copied, if ring 3 itself could not
// access the memory.
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

// Copies a NUL-terminated string. Returns its length without the NUL; nothing if ring 3 cannot read all of it. A string
// longer than the room is truncated, and the length returned is to.size(). Interrupts are taken in a long string.
std::optional<uint32_t> copy_string_from_user(std::span<char> to, uint32_t from);

} // namespace detour
