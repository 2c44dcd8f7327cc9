// panic.hpp - when the kernel itself cannot go on
#pragma once

#include <cstdint>

namespace detour
{

// Where it happened, and how to print the registers of that moment (nothing if print_registers is null).
struct PanicSite {
    uint32_t eip;
    uint32_t ebp;
    void (*print_registers)(const void *context);
    const void *context;
};

// Masks interrupts, reports, and stops the machine: message, current process, registers, backtrace, process
// table. A panic inside the report stops it at once.
[[noreturn]] void kernel_panic(const char *message, const PanicSite &site);

// The site of the caller's caller, for a panic that is no exception. Inline, so that the frame is the
// caller's.
[[gnu::always_inline]] inline PanicSite panic_site_here()
{
    // One byte back, into the call: it may be the last instruction of its function, since a panic does not
    // return.
    return {static_cast<uint32_t>(reinterpret_cast<uintptr_t>(__builtin_return_address(0))) - 1,
            *static_cast<const uint32_t *>(__builtin_frame_address(0)), nullptr, nullptr};
}

} // namespace detour
