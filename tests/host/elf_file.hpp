// elf_file.hpp - an executable as a test describes it; <elf.h> knows the format independently of the kernel
#pragma once

#include <elf.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace detour::fake
{

// A program of three segments, not in order, and of a few functions, before it is written as a file.
struct ElfFile {
    static constexpr uint32_t kText = 0x40000000;
    static constexpr uint32_t kData = 0x40003000;
    static constexpr uint32_t kTableOffset = 0x100; // tables begin here; the contents of segments are below
    static constexpr uint32_t kBytes = 0x600;

    Elf32_Ehdr header{{ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT},
                      ET_EXEC,
                      EM_386,
                      EV_CURRENT,
                      kText + 0x10,
                      kTableOffset,
                      0x300,
                      0,
                      sizeof(Elf32_Ehdr),
                      sizeof(Elf32_Phdr),
                      4,
                      sizeof(Elf32_Shdr),
                      4,
                      0};
    std::vector<Elf32_Phdr> segments{{PT_LOAD, 0x40, kData, 0, 0x20, 0x2000, PF_R | PF_W, 0x1000},
                                     {PT_GNU_STACK, 0, 0, 0, 0, 0, PF_R | PF_W | PF_X, 0x10},
                                     {PT_LOAD, 0x60, kText, 0, 0x80, 0x80, PF_R | PF_X, 0x1000},
                                     {PT_LOAD, 0x90, kText + 0x1000, 0, 8, 8, PF_R, 0}};
    std::vector<Elf32_Shdr> sections{{},
                                     {0, SHT_PROGBITS, 0, kText, 0x60, 0x80, 0, 0, 0, 0},
                                     {0, SHT_SYMTAB, 0, 0, 0x400, 0, 3, 0, 4, sizeof(Elf32_Sym)},
                                     {0, SHT_STRTAB, 0, 0, 0x500, 0, 0, 0, 1, 0}};
    std::string names = std::string(1, '\0');
    std::vector<Elf32_Sym> symbols{{}};

    void add_symbol(const std::string &name, uint32_t address, uint32_t size, unsigned type = STT_FUNC,
                    uint16_t section = 1)
    {
        symbols.push_back({static_cast<uint32_t>(names.size()), address, size,
                           static_cast<unsigned char>(ELF32_ST_INFO(STB_GLOBAL, type)), 0, section});
        names += name + '\0';
    }
    // The names of sections are among those of symbols.
    Elf32_Shdr &add_section(const std::string &name, uint32_t offset, uint32_t bytes)
    {
        sections.push_back({static_cast<uint32_t>(names.size()), SHT_PROGBITS, 0, 0, offset, bytes, 0, 0, 4, 0});
        names += name + '\0';
        header.e_shnum = static_cast<uint16_t>(sections.size());
        header.e_shstrndx = 3;
        return sections.back();
    }
    Elf32_Phdr &text() { return segments[2]; }
    Elf32_Phdr &data() { return segments[0]; }
    Elf32_Shdr &symbol_section() { return sections[2]; }
    Elf32_Shdr &name_section() { return sections[3]; }

    void add_segment(uint32_t type, uint32_t address, uint32_t memory_bytes, uint32_t flags = PF_R)
    {
        segments.push_back({type, 0, address, 0, 0, memory_bytes, flags, 0});
        ++header.e_phnum;
    }
};

template <typename Entry> void put(std::vector<std::byte> &file, size_t offset, const Entry *from, size_t count)
{
    if (count != 0)
        std::memcpy(file.data() + offset, from, count * sizeof(Entry));
}

// Sizes of the symbol table and of its names are filled in where they are still 0.
inline std::vector<std::byte> file_of(ElfFile program)
{
    std::vector<std::byte> file(ElfFile::kBytes);
    if (program.symbol_section().sh_size == 0)
        program.symbol_section().sh_size = static_cast<uint32_t>(program.symbols.size() * sizeof(Elf32_Sym));
    if (program.name_section().sh_size == 0)
        program.name_section().sh_size = static_cast<uint32_t>(program.names.size());
    put(file, 0, &program.header, 1);
    put(file, ElfFile::kTableOffset, program.segments.data(), program.segments.size());
    put(file, 0x300, program.sections.data(), program.sections.size());
    put(file, 0x400, program.symbols.data(), program.symbols.size());
    put(file, 0x500, program.names.data(), program.names.size());
    return file;
}

} // namespace detour::fake
