#include "kernel/sched/stack.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/print.hpp"
#include "kernel/process/process.hpp"
#include "kernel/report/panic.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu/saved_stack.h>

namespace detour
{

constinit std::array<OriginalStack, NPROC> original_stacks{};

namespace
{

bool are_words(const char *place, uint32_t count)
{
    return address_of(place) % sizeof(uint32_t) == 0 && arch::is_memory(place, count * sizeof(uint32_t));
}

uint32_t word_at(const char *place)
{
    return *reinterpret_cast<const uint32_t *>(place);
}

} // namespace

bool has_stack_mark(const procent &process)
{
    return are_words(process.prstkbase, 1) && word_at(process.prstkbase) == STACKMAGIC;
}

bool is_usable_stack(const procent &process)
{
    return has_stack_mark(process) && are_words(process.prstkptr, SAVED_WORDS);
}

void end_for_damaged_stack()
{
    if (currpid == kNullProcess)
        kernel_panic("the null process's stack is damaged", panic_site_here());
    const procent &process = current_process();
    const char *const base = process.prstkbase;
    print("process %d (%s) ended: its stack is damaged: ", static_cast<int>(currpid), process.prname);
    if (!are_words(base, 1))
        print("prstkbase 0x%08x is not in memory\n", address_of(base));
    else if (word_at(base) != STACKMAGIC)
        print("the word at prstkbase 0x%08x is 0x%08x, not STACKMAGIC\n", address_of(base), word_at(base));
    else
        print("its saved stack pointer 0x%08x is not in memory\n", address_of(process.prstkptr));
    end_current_process();
}

} // namespace detour
