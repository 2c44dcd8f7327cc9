#include "kernel/report/stack_report.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/print.hpp"
#include "kernel/report/process_report.hpp"
#include "kernel/sched/address_space.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/stack.hpp"
#include "kernel/unwind/backtrace.hpp"
#include "kernel/user/space.hpp"

#include <xinu/userspace.h>

#include <array>
#include <cstring>

extern "C" void userret(); // INITRET

namespace detour
{

namespace
{

constexpr uint32_t kWordsOfAScreen = 24;
constexpr uint32_t kInnermost = 10; // functions

// Where to read the words of a process's stacks.
struct StackMemory {
    std::array<StackView, 2> stacks; // the process's own; the exit stack
    const procent *process;
    const CodeTables *code;
    uint32_t directory; // of a ring-3 process, or 0
};

std::optional<uint8_t> user_byte(uint32_t directory, uint32_t address)
{
    if (directory == 0)
        return std::nullopt;
    const uint32_t page = arch::user_page(directory, address, false);
    if (page == 0)
        return std::nullopt;
    return *reinterpret_cast<const uint8_t *>(static_cast<uintptr_t>(page + address % kPageBytes));
}

std::optional<uint32_t> user_word(uint32_t directory, uint32_t address)
{
    uint32_t word = 0;
    for (uint32_t i = 0; i < sizeof word; ++i) {
        const auto byte = user_byte(directory, address + i);
        if (!byte)
            return std::nullopt;
        word |= uint32_t{*byte} << 8 * i;
    }
    return word;
}

std::optional<uint32_t> read_memory(const void *context, uint32_t address)
{
    const auto &memory = *static_cast<const StackMemory *>(context);
    if (is_user_address(address))
        return user_word(memory.directory, address);
    for (const StackView &stack : memory.stacks) {
        if (address % sizeof(uint32_t) == 0 && address >= stack.low && address < stack.base())
            return stack.words[(address - stack.low) / sizeof(uint32_t)];
    }
    uint32_t word;
    const void *from = reinterpret_cast<const void *>(static_cast<uintptr_t>(address));
    if (!memory.stacks[0].words.empty() && address == memory.stacks[0].base())
        from = memory.process->prstkbase;
    else if (!memory.code->symbol(address) || !memory.code->symbol(address + sizeof word - 1))
        return std::nullopt;
    std::memcpy(&word, from, sizeof word);
    return word;
}

StackMemory memory_of(ProcessId pid, const ProcessCode &code)
{
    const procent &process = process_entry(pid);
    return {{stack_of(process), exit_stack_view()}, &process, &code.kernel, user_registers[pid].directory};
}

KnownAddresses known_addresses_of(const detourstate &state)
{
    return {address_of(&userret), address_of(&cbfreturn), address_of(state.slot), state.original, state.running};
}

StackOwner owner_of(ProcessId pid)
{
    const procent &process = process_entry(pid);
    const StackView stack = stack_of(process);
    StackOwner owner{{kernel_code_tables(), {}},
                     known_addresses_of(process.prdetour),
                     {stack.low, stack.base()},
                     {},
                     static_cast<pid32>(pid)};
    if (is_user_process(pid)) {
        owner.code.program = program_code_tables(user_spaces[pid].program->file());
        owner.user_stack = {USER_STACK_END - USER_STACK_BYTES, USER_STACK_END};
    }
    return owner;
}

StackStart resumption_of(const procent &process)
{
    return switched_out(address_of(process.prstkptr), ctxsw_resumption);
}

// The current process for reports; the null process if currpid is invalid, as it may be in a panic.
ProcessId current_or_null()
{
    return find_process(currpid) != nullptr ? static_cast<ProcessId>(currpid) : kNullProcess;
}

} // namespace

void print_location(uint32_t address)
{
    print_code_address(console_sink, owner_of(current_or_null()).code, address, 0);
}

void print_call_chain(const StackStart &start)
{
    const StackOwner owner = owner_of(current_or_null());
    const StackMemory memory = memory_of(owner.pid, owner.code);
    print_active_functions(console_sink, owner, {read_memory, &memory}, start);
}

void print_call_chain_of(ProcessId pid)
{
    const StackOwner owner = owner_of(pid);
    const StackMemory memory = memory_of(pid, owner.code);
    print_active_functions(console_sink, owner, {read_memory, &memory}, resumption_of(process_entry(pid)), kInnermost);
}

void print_current_stack(const StackStart &start)
{
    const StackOwner owner = owner_of(current_or_null());
    const StackMemory memory = memory_of(owner.pid, owner.code);
    print_stack_words(console_sink, owner, {read_memory, &memory}, start, {kWordsOfAScreen});
}

void print_stack(ProcessId pid, const StackStart &start, const StackCopy &earlier)
{
    const StackOwner owner = owner_of(pid);
    const StackMemory memory = memory_of(pid, owner.code);
    const procent &process = process_entry(pid);
    const bool current = pid == current_id();
    print("stack of process %d (%s), %s\n", pid, process.prname, state_name(process.prstate));
    print_stack_words(console_sink, owner, {read_memory, &memory}, current ? start : resumption_of(process), {},
                      earlier);
}

} // namespace detour
