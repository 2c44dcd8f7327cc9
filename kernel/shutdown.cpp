#include "kernel/shutdown.hpp"

#include "kernel/arch.hpp"
#include "kernel/print.hpp"

namespace detour
{

void all_processes_completed()
{
    print("\n\nAll user processes have completed.\n\n");
    arch::power_off(arch::Ending::kCompleted);
}

} // namespace detour
