// elf.cpp - reading ELF32 files; fields and constants have the names of the ELF specification
#include "kernel/elf.hpp"

#include "kernel/page_allocator.hpp"

#include <algorithm>
#include <cstring>

namespace detour
{
namespace
{

using Bytes = std::span<const std::byte>;

enum : uint8_t { EI_CLASS = 4, EI_DATA = 5, EI_VERSION = 6, EI_NIDENT = 16 };
enum : uint8_t { ELFCLASS32 = 1, ELFDATA2LSB = 1, EV_CURRENT = 1 };
enum : uint16_t { ET_EXEC = 2, EM_386 = 3 };
enum : uint32_t { PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3, PT_TLS = 7 };
enum : uint32_t { PF_X = 1, PF_W = 2 };
enum : uint32_t { SHT_SYMTAB = 2, SHT_STRTAB = 3 };
enum : uint8_t { SHN_UNDEF = 0, STT_FUNC = 2 };

constexpr std::array<uint8_t, 4> kMagic{0x7F, 'E', 'L', 'F'};
constexpr uint32_t kMaxProgramHeaders = 64; // linkers write about ten

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
    uint32_t sh_name, sh_type, sh_flags, sh_addr, sh_offset, sh_size, sh_link, sh_info, sh_addralign,
        sh_entsize;
};
static_assert(sizeof(SectionHeader) == 40);

struct SymbolRecord {
    uint32_t st_name, st_value, st_size;
    uint8_t st_info, st_other; // the type is in the low four bits of st_info
    uint16_t st_shndx;
};
static_assert(sizeof(SymbolRecord) == 16);

// Whether the address is one of the `bytes` from `begin` on. No sum is computed, so none can overflow.
constexpr bool covers(uint32_t begin, uint32_t bytes, uint32_t address)
{
    return address >= begin && address - begin < bytes;
}

// That part of the file, or nothing unless all of it is there.
std::optional<Bytes> part(Bytes file, size_t offset, size_t bytes)
{
    if (offset > file.size() || bytes > file.size() - offset)
        return std::nullopt;
    return file.subspan(offset, bytes);
}

// Copies one entry of a table out of the file, where it may be unaligned.
template <typename Entry> Entry entry_of(Bytes table, size_t index)
{
    Entry entry;
    std::memcpy(&entry, table.data() + index * sizeof entry, sizeof entry);
    return entry;
}

const char *read_header(Bytes file, ElfHeader &header)
{
    if (file.size() < sizeof header)
        return "too short for an ELF header";
    header = entry_of<ElfHeader>(file, 0);
    if (!std::equal(kMagic.begin(), kMagic.end(), header.e_ident.begin()))
        return "not an ELF file";
    if (header.e_ident[EI_CLASS] != ELFCLASS32)
        return "not a 32-bit ELF file";
    if (header.e_ident[EI_DATA] != ELFDATA2LSB)
        return "not a little-endian ELF file";
    if (header.e_ident[EI_VERSION] != EV_CURRENT || header.e_version != EV_CURRENT)
        return "an unknown version of ELF";
    if (header.e_type != ET_EXEC)
        return "not an executable with fixed addresses";
    if (header.e_machine != EM_386)
        return "not a program for the i386";
    if (header.e_ehsize != sizeof header)
        return "the ELF header has a wrong size";
    return nullptr;
}

const char *check_segment(Bytes file, AddressRange space, const ProgramHeader &header)
{
    if (header.p_filesz > header.p_memsz)
        return "a segment has more bytes in the file than in memory";
    // Linkers give a segment without bytes in the file any offset.
    if (header.p_filesz != 0 && !part(file, header.p_offset, header.p_filesz))
        return "a segment lies outside the file";
    if (header.p_memsz == 0)
        return nullptr;
    if (header.p_vaddr < space.begin || header.p_vaddr > space.end ||
        header.p_memsz > space.end - header.p_vaddr)
        return "a segment lies outside user space";
    if ((header.p_align & (header.p_align - 1)) != 0)
        return "the alignment of a segment is not a power of two";
    if ((header.p_flags & PF_W) != 0 && (header.p_flags & PF_X) != 0)
        return "a segment is both writable and executable";
    return nullptr;
}

// Adds a checked segment in its place by address.
const char *insert_segment(const ProgramHeader &header, Executable &program)
{
    if (header.p_memsz == 0)
        return nullptr;
    if (program.count == Executable::kMaxSegments)
        return "too many segments";
    uint32_t place = program.count++;
    for (; place > 0 && program.slots[place - 1].address > header.p_vaddr; --place)
        program.slots[place] = program.slots[place - 1];
    const uint32_t offset = header.p_filesz == 0 ? 0 : header.p_offset;
    program.slots[place] = {header.p_vaddr,
                            offset,
                            header.p_filesz,
                            header.p_memsz,
                            (header.p_flags & PF_W) != 0,
                            (header.p_flags & PF_X) != 0};
    return nullptr;
}

const char *take_header(Bytes file, AddressRange space, const ProgramHeader &header, Executable &program)
{
    const bool empty = header.p_filesz == 0 && header.p_memsz == 0;
    switch (header.p_type) {
    case PT_LOAD:
        if (const char *problem = check_segment(file, space, header))
            return problem;
        return insert_segment(header, program);
    case PT_INTERP:
    case PT_DYNAMIC:
        return empty ? nullptr : "needs a dynamic linker";
    case PT_TLS:
        return empty ? nullptr : "has thread-local storage";
    default:
        return nullptr;
    }
}

// What must hold between the segments, once all are there.
const char *check_program(const Executable &program)
{
    bool any_executable = false;
    bool entry_found = false;
    const Segment *lower = nullptr;
    for (const Segment &segment : program.segments()) {
        if (lower != nullptr && lower->end() > segment.address)
            return "two segments overlap";
        // A page has one set of permissions.
        if (lower != nullptr && (lower->end() - 1) / kPageSize == segment.address / kPageSize)
            return "two segments share a page";
        any_executable |= segment.executable;
        entry_found |= segment.executable && segment.contains(program.entry);
        lower = &segment;
    }
    if (!any_executable)
        return "no segment is executable";
    return entry_found ? nullptr : "the entry point lies outside the executable segments";
}

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

const char *read_executable(Bytes file, AddressRange space, Executable &result)
{
    ElfHeader header;
    if (const char *problem = read_header(file, header))
        return problem;
    if (header.e_phentsize != sizeof(ProgramHeader))
        return "the program headers have a wrong size";
    if (header.e_phnum > kMaxProgramHeaders)
        return "too many program headers";
    const auto headers = part(file, header.e_phoff, header.e_phnum * sizeof(ProgramHeader));
    if (!headers)
        return "the program headers lie outside the file";

    Executable program;
    program.entry = header.e_entry;
    for (size_t i = 0; i < header.e_phnum; ++i) {
        if (const char *problem = take_header(file, space, entry_of<ProgramHeader>(*headers, i), program))
            return problem;
    }
    if (const char *problem = check_program(program))
        return problem;
    result = program;
    return nullptr;
}

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
