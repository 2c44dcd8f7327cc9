// print_ended.hpp - how reports name a process, and say that the kernel ended it
#pragma once

namespace detour
{

// "process 5 (prod)": the current one.
void print_current_process();

// "process 5 (prod) ended: " of the current process, the reason, and a line end. Enables interrupts, but no other
// process runs until the caller has ended this one.
[[gnu::format(printf, 1, 2)]] void print_ended(const char *reason, ...);

} // namespace detour
