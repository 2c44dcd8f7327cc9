#include "kernel/sched/address_space.hpp"

namespace detour
{

constinit std::array<arch::UserRegisters, NPROC> user_registers{};
constinit uint32_t loaded_directory = 0;

void change_address_space(ProcessId pid)
{
    arch::UserRegisters &registers = user_registers[pid];
    loaded_directory = registers.directory;
    if (loaded_directory != 0)
        publish_running(pid);
    arch::load_user_process(loaded_directory != 0 ? &registers : nullptr, process_entry(pid).prstkbase);
}

void forget_address_space(ProcessId pid)
{
    if (pid == current_id())
        load_address_space(kNullProcess);
    arch::forget_user_process(user_registers[pid]);
    user_registers[pid] = {};
}

} // namespace detour
