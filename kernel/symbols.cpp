// symbols.cpp - finding the function that holds an address
#include "kernel/symbols.hpp"

#include <algorithm>

// Defined by the link (tools/link_image.py); weak, so that a program without the table links too.
extern "C" {
[[gnu::weak]] extern const detour::SymbolEntry symbol_table[];
[[gnu::weak]] extern const uint32_t symbol_count;
[[gnu::weak]] extern const char symbol_names[];
}

namespace detour
{

std::optional<Symbol> SymbolTable::lookup(uint32_t address) const
{
    if (address >= text_end_)
        return std::nullopt;
    const auto above =
        std::upper_bound(entries_.begin(), entries_.end(), address,
                         [](uint32_t value, const SymbolEntry &entry) { return value < entry.address; });
    if (above == entries_.begin())
        return std::nullopt;
    const SymbolEntry &entry = *(above - 1);
    return Symbol{names_ + entry.name_offset, address - entry.address};
}

SymbolTable kernel_symbols(uint32_t text_end)
{
    if (&symbol_count == nullptr)
        return {{}, nullptr, text_end};
    return {{symbol_table, symbol_count}, symbol_names, text_end};
}

} // namespace detour
