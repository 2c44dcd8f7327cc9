#include "kernel/user_report.hpp"

#include "kernel/backtrace.hpp"
#include "kernel/print.hpp"
#include "kernel/process_table.hpp"
#include "kernel/user_memory.hpp"
#include "kernel/user_space.hpp"

#include <xinu/userspace.h>

namespace detour
{

namespace
{

constexpr unsigned kMaxDepth = 32;

struct Link { // where an EBP points
    uint32_t ebp;
    uint32_t return_address;
};

std::optional<Symbol> symbol_at(const void *file, uint32_t address)
{
    if (address >= USER_CBFMANAGER && address < USER_CBFMANAGER + arch::kPageBytes)
        return Symbol{"cbfmanager", address - USER_CBFMANAGER};
    return find_symbol(static_cast<const Program *>(file)->file(), address);
}

} // namespace

void print_user_location(uint32_t address)
{
    if (const auto symbol = symbol_at(user_spaces[currpid].program, address))
        print("%s+0x%x", symbol->name, symbol->offset);
}

// The chain ends at EBP 0, with which the program's first function begins.
void print_user_call_chain(uint32_t eip, uint32_t ebp)
{
    CallLines lines(console_sink, symbol_at, user_spaces[currpid].program);
    lines.show(eip, 0);
    uint32_t lowest = 0;
    unsigned depth = 0;
    Link link{};
    for (; depth < kMaxDepth && ebp != 0 && ebp >= lowest && read_user(link, ebp); ++depth) {
        lines.show(link.return_address, CallLines::kIntoCall);
        lowest = ebp + sizeof link;
        ebp = link.ebp;
    }
    lines.finish();
    if (depth == kMaxDepth)
        print("  (and more)\n");
    else if (ebp != 0)
        print("  (the chain of frames breaks at EBP 0x%08x)\n", ebp);
}

} // namespace detour
