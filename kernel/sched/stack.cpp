#include "kernel/sched/stack.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/ways_out.hpp"
#include "kernel/memory/stack_memory.hpp"
#include "kernel/sched/print_ended.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/switch_hold.hpp"

namespace detour
{

constinit std::array<OriginalStack, NPROC> original_stacks{};

namespace
{

// What ctxsw() takes in place of the stack pointer of a process whose stack is damaged.
constinit char *last_stack = nullptr;

bool are_words(const char *place, uint32_t count)
{
    return address_of(place) % sizeof(uint32_t) == 0 && arch::is_memory(place, count * sizeof(uint32_t));
}

uint32_t word_at(const char *place)
{
    return *reinterpret_cast<const uint32_t *>(place);
}

StackView view(const char *highest_word, uint32_t bytes)
{
    const char *const low = highest_word + sizeof(uint32_t) - bytes;
    return {address_of(low), {reinterpret_cast<const uint32_t *>(low), bytes / sizeof(uint32_t) - 1}};
}

// A stack that the kernel allocated takes one look at its pages; one that the program set up, all of them.
bool is_stack_memory(const char *highest_word, uint32_t bytes)
{
    if (bytes % kPageBytes == 0 && bytes >= MINSTK && find_stack(highest_word, bytes) != 0)
        return true;
    const auto end = reinterpret_cast<uintptr_t>(highest_word) + sizeof(uint32_t);
    return (end | bytes) % sizeof(uint32_t) == 0 && bytes != 0 &&
           arch::is_memory(reinterpret_cast<const void *>(end - bytes), bytes);
}

} // namespace

StackView stack_of(const procent &process)
{
    if (!is_stack_memory(process.prstkbase, stack_bytes(process)))
        return {};
    return view(process.prstkbase, stack_bytes(process));
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

bool has_stack_mark(const procent &process)
{
    return are_words(process.prstkbase, 1) && word_at(process.prstkbase) == STACKMAGIC;
}

void print_stack_damage()
{
    const procent &process = current_process();
    const char *const base = process.prstkbase;
    if (!are_words(base, 1))
        print_ended("its stack is damaged: prstkbase 0x%08x is not in memory", address_of(base));
    else if (word_at(base) != STACKMAGIC)
        print_ended("its stack is damaged: the word at prstkbase 0x%08x is 0x%08x, not STACKMAGIC", address_of(base),
                    word_at(base));
    else
        print_ended("its stack is damaged: its saved stack pointer 0x%08x is not in memory",
                    address_of(process.prstkptr));
}

void give_stack(ProcessId pid, char *highest_word, uint32_t bytes)
{
    process_entry(pid).prstkbase = highest_word;
    process_entry(pid).prstklen = bytes;
    original_stacks[pid] = {reinterpret_cast<uintptr_t>(highest_word),
                            bytes / uint32_t{sizeof(uint32_t)} - SAVED_WORDS};
}

void finish_large_stack(const char *highest_word, uint32_t bytes, bool enabled)
{
    const SwitchHold hold;
    map_rest_of_stack(highest_word, bytes, enabled);
}

bool free_stack(char *highest_word, uint32_t bytes, bool enabled)
{
    const uint32_t run = find_stack(highest_word, bytes);
    if (run == 0)
        return false;
    const ProcessId owner_id = page_allocator.find_run(run, FrameKind::kStack)->owner;
    const procent &owner = process_entry(owner_id);
    if (owner.prstate != PR_FREE && owner.prstkbase == highest_word)
        return false; // its process runs on it
    if (original_stacks[owner_id].base == reinterpret_cast<uintptr_t>(highest_word))
        original_stacks[owner_id] = {}; // its process moved to another
    const SwitchHold hold;
    release_stack(run, enabled);
    return true;
}

char **replacement_stack(procent &process)
{
    if (has_stack_mark(process) && are_words(process.prstkptr, SAVED_WORDS))
        return &process.prstkptr;
    last_stack = arch::prepare_last_stack(end_for_damaged_stack);
    return &last_stack;
}

} // namespace detour
