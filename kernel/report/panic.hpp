// panic.hpp - stopping the machine when the kernel cannot continue
#pragma once

#include "kernel/unwind/stack_words.hpp"

namespace detour
{

// The place of the panic, and how to print the registers there (none if print_registers is null).
struct PanicSite {
    StackStart at;
    void (*print_registers)(const void *context);
    const void *context;
};

// Masks interrupts, reports, and stops the machine: message, current process, registers, backtrace, process table. A
// panic inside the report stops it at once.
[[noreturn]] void kernel_panic(const char *message, const PanicSite &site);

// The site of the caller's caller, for a panic that is not caused by an exception. Inline, so that the frame is the
// caller's.
[[gnu::always_inline]] inline PanicSite panic_site_here()
{
    return {caller_of_this(), nullptr, nullptr};
}

} // namespace detour
