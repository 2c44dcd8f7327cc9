#include "kernel/process/shutdown.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/base/print.hpp"

namespace detour
{

void all_processes_completed()
{
    print("\n\nAll user processes have completed.\n\n");
    arch::power_off(arch::Ending::kCompleted);
}

} // namespace detour
