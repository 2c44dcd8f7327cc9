#include "kernel/unwind/process_code.hpp"

#include <xinu/userspace.h>

namespace detour
{

const CodeTables &ProcessCode::at(uint32_t address) const
{
    return address < USER_BEGIN ? kernel : program;
}

std::optional<Symbol> ProcessCode::symbol(uint32_t address, uint32_t back) const
{
    auto symbol = at(address).symbol(address - back);
    if (symbol)
        symbol->offset += back;
    return symbol;
}

std::optional<SourceLine> ProcessCode::line(uint32_t address, uint32_t back) const
{
    return at(address).line(address - back);
}

void print_code_address(Sink sink, const ProcessCode &code, uint32_t address, uint32_t back)
{
    const auto symbol = code.symbol(address, back);
    if (!symbol)
        return;
    print(sink, "%s+0x%x", symbol->name, unsigned{symbol->offset});
    if (const auto line = code.line(address, back))
        print(sink, " (%s:%u)", line->file, line->line);
}

} // namespace detour
