// elf_section.cpp - finding a section of a program's file by name
#include "kernel/image/elf_format.hpp"

#include <algorithm>

namespace detour::elf
{

namespace
{

bool has_name(Bytes names, uint32_t offset, std::string_view wanted)
{
    const auto name = part(names, offset, wanted.size() + 1);
    return name && name->back() == std::byte{0} && std::memcmp(name->data(), wanted.data(), wanted.size()) == 0;
}

} // namespace

std::optional<Bytes> find_section(Bytes file, std::string_view name)
{
    ElfHeader header;
    if (read_header(file, header) != nullptr || header.e_shentsize != sizeof(SectionHeader) ||
        header.e_shstrndx >= header.e_shnum)
        return std::nullopt;
    const auto sections = part(file, header.e_shoff, header.e_shnum * sizeof(SectionHeader));
    if (!sections)
        return std::nullopt;
    const auto strings = entry_of<SectionHeader>(*sections, header.e_shstrndx);
    const auto names = part(file, strings.sh_offset, strings.sh_size);
    for (size_t i = 0; names && i < header.e_shnum; ++i) {
        const auto section = entry_of<SectionHeader>(*sections, i);
        if (section.sh_type == SHT_PROGBITS && has_name(*names, section.sh_name, name))
            return part(file, section.sh_offset, section.sh_size);
    }
    return std::nullopt;
}

} // namespace detour::elf
