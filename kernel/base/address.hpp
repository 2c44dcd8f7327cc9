// address.hpp - addresses as numbers
#pragma once

#include <xinu/userspace.h>

#include <cstdint>

namespace detour
{

// The 32-bit address of an object or a function. In a 64-bit host test, its lower half.
inline uint32_t address_of(const volatile void *object)
{
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(object));
}

template <typename Result, typename... Arguments> uint32_t address_of(Result (*function)(Arguments...))
{
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(function));
}

// Whether the address belongs to ring 3. The stacks of ring 0 lie above.
inline bool is_user_address(uint32_t address)
{
    return address >= USER_BEGIN && address < USER_END;
}

} // namespace detour
