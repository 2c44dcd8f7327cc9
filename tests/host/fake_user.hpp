// fake_user.hpp - the machine's part of ring 3 in the host tests: page tables as maps, frames as plain words
#pragma once

#include "tests/host/fake_types.hpp"

#include "kernel/base/arch.hpp"

#include <array>
#include <cstdint>
#include <map>

namespace detour::arch
{

// What the kernel may learn and change only through the contract.
struct UserFrame {
    std::array<uint32_t, 3> arguments{};
    UserContext context{}; // EDI ... EAX, EIP, CS, EFLAGS
    uint32_t stack_pointer = 0;

    friend bool operator==(const UserFrame &, const UserFrame &) = default;
};

} // namespace detour::arch

namespace detour::fake
{

constexpr unsigned kEbp = 2, kEsp = 3, kEax = 7, kEip = 8, kEflags = 10; // in a UserContext

struct UserPage {
    uint32_t physical;
    bool writable;
};

struct AddressSpace {
    std::map<uint32_t, UserPage> pages;  // by user address
    std::map<uint32_t, uint32_t> tables; // by user address divided by the 4 MiB that a table maps
};

struct UserMachine {
    std::map<uint32_t, AddressSpace> spaces; // by directory
    arch::UserRegisters *loaded = nullptr;   // whose pages the CPU uses
    const char *kernel_stack = nullptr;      // and its kernel stack
    uint32_t port_loads = 0;                 // calls of load_user_ports()
};
extern UserMachine user_machine;

// Whether all ring-3 processes share this page of the kernel: of the window, or the return page.
bool is_shared_page(uint32_t physical);

// The memory behind a physical address.
char *memory_at(uint32_t physical);

} // namespace detour::fake
