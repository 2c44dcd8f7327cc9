// symbols.hpp - names for code addresses, from the table that the build embeds in the image
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace detour
{

// One function: where it begins, and where its NUL-terminated name begins among the names.
struct SymbolEntry {
    uint32_t address;
    uint32_t name_offset;
};

// A code address as `name + offset`.
struct Symbol {
    const char *name;
    uint32_t offset;
};

// A view of functions sorted by address. It owns nothing.
class SymbolTable
{
public:
    // text_end: the first address behind the last function.
    constexpr SymbolTable(std::span<const SymbolEntry> entries, const char *names, uint32_t text_end)
        : entries_(entries), names_(names), text_end_(text_end)
    {
    }

    // The function that holds the address; nothing outside [address of the first function, text_end).
    std::optional<Symbol> lookup(uint32_t address) const;

private:
    std::span<const SymbolEntry> entries_;
    const char *names_;
    uint32_t text_end_;
};

// The functions of this image; text_end is the address of etext. Empty where no table has been linked in.
SymbolTable kernel_symbols(uint32_t text_end);

} // namespace detour
