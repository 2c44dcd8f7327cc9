#include "kernel/report/process_report.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/print.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/sched/process_table.hpp"

#include <array>

namespace detour
{

namespace
{

constexpr int kMaxLines = 20;

StackView view(const char *highest_word, uint32_t bytes)
{
    const char *const low = highest_word + sizeof(uint32_t) - bytes;
    return {address_of(low), {reinterpret_cast<const uint32_t *>(low), bytes / sizeof(uint32_t) - 1}};
}

// A stack of the kernel's making needs one look at its pages; one that the program has made, all of them.
bool is_stack_memory(char *highest_word, uint32_t bytes)
{
    if (is_stack(highest_word, bytes))
        return true;
    const auto end = reinterpret_cast<uintptr_t>(highest_word) + sizeof(uint32_t);
    return (end | bytes) % sizeof(uint32_t) == 0 && bytes != 0 &&
           arch::is_memory(reinterpret_cast<const void *>(end - bytes), bytes);
}

} // namespace

StackView stack_of(const procent &process)
{
    if (!is_stack_memory(process.prstkbase, process.prstklen))
        return {};
    return view(process.prstkbase, process.prstklen);
}

StackView exit_stack_view()
{
    const arch::Stack exit_stack = arch::exit_stack();
    return view(exit_stack.highest_word, exit_stack.bytes);
}

StackView stack_holding(uint32_t address)
{
    const procent *const current = find_process(currpid); // in a panic nothing is certain
    for (const StackView stack : {current != nullptr ? stack_of(*current) : StackView{}, exit_stack_view()})
        if (address >= stack.low && address < stack.base())
            return stack;
    return {};
}

const char *state_name(uint16 state)
{
    static constexpr std::array<const char *, PR_RECTIM + 1> kNames{
        "free", "current", "ready", "receiving", "sleeping", "suspended", "waiting", "receiving, timed"};
    return state < kNames.size() ? kNames[state] : "?";
}

void print_process_table()
{
    print("  pid  name             state             prio  ring  stack base  stack pointer\n");
    int lines = 0;
    for (ProcessId pid = 0; pid < NPROC; ++pid) {
        const procent &process = process_entry(pid);
        if (process.prstate == PR_FREE)
            continue;
        if (++lines > kMaxLines) {
            print("  ... (%d processes in all)\n", static_cast<int>(prcount));
            return;
        }
        print("%5d  %-15s  %-16s %5d  %4d  0x%08x  0x%08x\n", pid, process.prname,
              state_name(process.prstate), process.prprio, process.prring, address_of(process.prstkbase),
              address_of(process.prstkptr));
    }
}

} // namespace detour
