// shutdown.hpp - orderly shutdown
#pragma once

namespace detour
{

// Prints that the last process has ended, and powers off.
[[noreturn]] void all_processes_completed();

} // namespace detour
