#include "kernel/sched/address_space.hpp"

namespace detour
{

constinit std::array<arch::UserRegisters, NPROC> user_registers{};
constinit uint32_t loaded_directory = 0;

void change_address_space(ProcessId pid)
{
    arch::UserRegisters &registers = user_registers[pid];
    if (loaded_directory == kFloatOpen)
        arch::forbid_float();
    loaded_directory = registers.directory;
    if (loaded_directory == 0) {
        arch::leave_user_process();
        return;
    }
    publish_running(pid);
    arch::load_user_process(registers, process_entry(pid).prstkbase);
}

void forget_address_space(ProcessId pid)
{
    if (pid == current_id())
        load_address_space(kNullProcess);
    arch::forget_user_process(user_registers[pid]);
    user_registers[pid] = {};
}

} // namespace detour
