// shutdown.hpp - the orderly end
#pragma once

namespace detour
{

// Says that the last process has ended, and powers off.
[[noreturn]] void all_processes_completed();

} // namespace detour
