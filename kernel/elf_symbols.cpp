// elf_symbols.cpp - the names of a program's functions
#include "kernel/elf.hpp"

#include "kernel/elf_format.hpp"

namespace detour
{

using namespace elf;

namespace
{

// The parts of a file that find_symbol() reads.
struct SymbolParts {
    Bytes sections;
    Bytes symbols;
    Bytes names; // ends with the last NUL of the string table, so that every name in it ends too
};

std::optional<SymbolParts> locate_symbols(Bytes file)
{
    ElfHeader header;
    if (read_header(file, header) != nullptr || header.e_shentsize != sizeof(SectionHeader))
        return std::nullopt;
    const auto sections = part(file, header.e_shoff, header.e_shnum * sizeof(SectionHeader));
    for (size_t i = 0; sections && i < header.e_shnum; ++i) {
        const auto section = entry_of<SectionHeader>(*sections, i);
        if (section.sh_type != SHT_SYMTAB)
            continue;
        if (section.sh_entsize != sizeof(SymbolRecord) || section.sh_link >= header.e_shnum)
            return std::nullopt;
        const auto strings = entry_of<SectionHeader>(*sections, section.sh_link);
        const auto symbols = part(file, section.sh_offset, section.sh_size);
        auto names = part(file, strings.sh_offset, strings.sh_size);
        if (strings.sh_type != SHT_STRTAB || !symbols || !names)
            return std::nullopt;
        while (!names->empty() && names->back() != std::byte{0})
            names = names->first(names->size() - 1);
        return SymbolParts{*sections, *symbols, *names};
    }
    return std::nullopt;
}

bool is_named_function(const SymbolRecord &symbol, Bytes names)
{
    return (symbol.st_info & 0xF) == STT_FUNC && symbol.st_shndx != SHN_UNDEF &&
           symbol.st_name < names.size() && names[symbol.st_name] != std::byte{0};
}

bool section_covers(Bytes sections, uint16_t index, uint32_t address)
{
    if (index >= sections.size() / sizeof(SectionHeader))
        return false;
    const auto section = entry_of<SectionHeader>(sections, index);
    return covers(section.sh_addr, section.sh_size, address);
}

} // namespace

std::optional<Symbol> find_symbol(Bytes file, uint32_t address)
{
    const auto parts = locate_symbols(file);
    if (!parts)
        return std::nullopt;
    std::optional<SymbolRecord> covering, nearest; // the last to begin: of those with the address, of all
    for (size_t i = 0; i < parts->symbols.size() / sizeof(SymbolRecord); ++i) {
        const auto symbol = entry_of<SymbolRecord>(parts->symbols, i);
        if (symbol.st_value > address || !is_named_function(symbol, parts->names))
            continue;
        if (!nearest || symbol.st_value > nearest->st_value)
            nearest = symbol;
        if (covers(symbol.st_value, symbol.st_size, address) &&
            (!covering || symbol.st_value > covering->st_value))
            covering = symbol;
    }
    if (!covering && nearest && nearest->st_size == 0 &&
        section_covers(parts->sections, nearest->st_shndx, address))
        covering = nearest;
    if (!covering)
        return std::nullopt;
    const std::byte *const name = parts->names.data() + covering->st_name;
    return Symbol{reinterpret_cast<const char *>(name), address - covering->st_value};
}

} // namespace detour
