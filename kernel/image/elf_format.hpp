// elf_format.hpp - the on-disk format of ELF32 files; fields and constants have the names of the ELF specification
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

namespace detour::elf
{

using Bytes = std::span<const std::byte>;

enum : uint8_t { EI_CLASS = 4, EI_DATA = 5, EI_VERSION = 6, EI_NIDENT = 16 };
enum : uint8_t { ELFCLASS32 = 1, ELFDATA2LSB = 1, EV_CURRENT = 1 };
enum : uint16_t { ET_EXEC = 2, EM_386 = 3 };
enum : uint32_t { PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3, PT_TLS = 7 };
enum : uint32_t { PF_X = 1, PF_W = 2 };
enum : uint32_t { SHT_PROGBITS = 1 };

inline constexpr std::array<uint8_t, 4> kMagic{0x7F, 'E', 'L', 'F'};

struct ElfHeader {
    std::array<uint8_t, EI_NIDENT> e_ident;
    uint16_t e_type, e_machine;
    uint32_t e_version, e_entry, e_phoff, e_shoff, e_flags;
    uint16_t e_ehsize, e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx;
};
static_assert(sizeof(ElfHeader) == 52);

struct ProgramHeader {
    uint32_t p_type, p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_flags, p_align;
};
static_assert(sizeof(ProgramHeader) == 32);

struct SectionHeader {
    uint32_t sh_name, sh_type, sh_flags, sh_addr, sh_offset, sh_size, sh_link, sh_info, sh_addralign, sh_entsize;
};
static_assert(sizeof(SectionHeader) == 40);

// This part of the file, or nothing unless the file contains all of it.
inline std::optional<Bytes> part(Bytes file, size_t offset, size_t bytes)
{
    if (offset > file.size() || bytes > file.size() - offset)
        return std::nullopt;
    return file.subspan(offset, bytes);
}

// Copies one entry of a table out of the file, since it may be unaligned there.
template <typename Entry> Entry entry_of(Bytes table, size_t index)
{
    Entry entry;
    std::memcpy(&entry, table.data() + index * sizeof entry, sizeof entry);
    return entry;
}

// Reads the header of a file. Returns nullptr if it is that of an ELF32 file for the i386, otherwise a description of
// the error.
const char *read_header(Bytes file, ElfHeader &header);

// The contents of the first section with this name that has contents in the file; nothing if there is none, or the
// section headers are invalid.
std::optional<Bytes> find_section(Bytes file, std::string_view name);

} // namespace detour::elf
