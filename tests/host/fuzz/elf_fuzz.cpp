// elf_fuzz.cpp - read_executable() and find_section() on arbitrary files: they read nothing outside the file
// (AddressSanitizer), and what they accept keeps what kernel/image/elf.hpp promises
#include "kernel/image/code_tables.hpp"
#include "kernel/image/elf.hpp"
#include "kernel/image/elf_format.hpp"

#include <elf.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace
{

using detour::AddressRange;
using detour::Executable;
using detour::Segment;

constexpr AddressRange kSpace{0x40000000, 0xBFFF0000};
constexpr uint64_t kPageBytes = 4096;

void require(bool condition)
{
    if (!condition)
        std::abort();
}

// An input is an address, a byte of flags, and the file. The flags say which parts are made plausible, so that the
// fuzzer need not guess them.
struct Header {
    uint32_t address;
    uint8_t flags;

    bool plausible_header() const { return (flags & 1) != 0; }
    bool plausible_segments() const { return (flags & 2) != 0; }
    bool plausible_sections() const { return (flags & 4) != 0; }
};
constexpr size_t kHeaderBytes = 5;

// Calls change(entry) for each entry of a table that lies in the file.
template <typename Entry, typename Change>
void change_entries(std::span<std::byte> file, size_t offset, size_t count, Change change)
{
    for (size_t i = 0; i < count && offset + (i + 1) * sizeof(Entry) <= file.size(); ++i) {
        std::byte *const place = file.data() + offset + i * sizeof(Entry);
        Entry entry;
        std::memcpy(&entry, place, sizeof entry);
        change(entry);
        std::memcpy(place, &entry, sizeof entry);
    }
}

void mend_header(Elf32_Ehdr &header, size_t file_bytes)
{
    const unsigned char ident[] = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB, EV_CURRENT};
    std::copy(std::begin(ident), std::end(ident), header.e_ident);
    header.e_type = ET_EXEC;
    header.e_machine = EM_386;
    header.e_version = EV_CURRENT;
    header.e_ehsize = sizeof header;
    header.e_phentsize = sizeof(Elf32_Phdr);
    header.e_shentsize = sizeof(Elf32_Shdr);
    header.e_phoff %= file_bytes;
    header.e_shoff %= file_bytes;
    header.e_phnum %= 16;
    header.e_shnum %= 8;
    header.e_entry = kSpace.begin + header.e_entry % 0x8000;
}

void mend_segment(Elf32_Phdr &segment, size_t file_bytes)
{
    segment.p_type %= 4;
    segment.p_offset %= file_bytes;
    segment.p_filesz %= 64;
    segment.p_memsz = segment.p_filesz + segment.p_memsz % 0x2000;
    segment.p_vaddr = kSpace.begin + segment.p_vaddr % 0x10000;
    segment.p_align &= 0x1000;
}

void mend_section(Elf32_Shdr &section, size_t file_bytes)
{
    section.sh_type %= 4;
    section.sh_offset %= file_bytes;
    section.sh_size %= 256;
    section.sh_link %= 8;
    section.sh_entsize = sizeof(Elf32_Sym);
}

void mend(std::span<std::byte> file, const Header &choice)
{
    Elf32_Ehdr header;
    const size_t bytes = file.size();
    if (!choice.plausible_header() || bytes < sizeof header)
        return;
    change_entries<Elf32_Ehdr>(file, 0, 1, [&](Elf32_Ehdr &entry) {
        mend_header(entry, bytes);
        header = entry;
    });
    if (choice.plausible_segments())
        change_entries<Elf32_Phdr>(file, header.e_phoff, header.e_phnum,
                                   [&](Elf32_Phdr &entry) { mend_segment(entry, bytes); });
    if (choice.plausible_sections())
        change_entries<Elf32_Shdr>(file, header.e_shoff, header.e_shnum,
                                   [&](Elf32_Shdr &entry) { mend_section(entry, bytes); });
}

// The contract of Executable, in 64 bits, where nothing wraps.
void check_promises(const Executable &program, size_t file_bytes)
{
    uint64_t first_free_page = kSpace.begin;
    bool entry_found = false;
    require(program.count >= 1 && program.count <= Executable::kMaxSegments);
    for (const Segment &segment : program.segments()) {
        const uint64_t end = uint64_t{segment.address} + segment.memory_bytes;
        require(segment.memory_bytes != 0 && segment.address >= first_free_page && end <= kSpace.end);
        require(segment.file_bytes <= segment.memory_bytes);
        require(uint64_t{segment.file_offset} + segment.file_bytes <= file_bytes);
        require(!segment.writable || !segment.executable);
        entry_found |= segment.executable && program.entry >= segment.address && program.entry < end;
        first_free_page = (end + kPageBytes - 1) / kPageBytes * kPageBytes;
        require(&segment != &program.segments().back() || program.end() == end);
    }
    require(entry_found);
}

// The section, and the tables about code in it: nothing outside them is read.
void check_tables(std::span<const std::byte> file, uint32_t address)
{
    if (const auto section = detour::elf::find_section(file, ".code_tables"))
        require(section->data() >= file.data() && section->data() + section->size() <= file.data() + file.size());
    const detour::CodeTables tables = detour::program_code_tables(file);
    if (const auto symbol = tables.symbol(address))
        require(std::strlen(symbol->name) < file.size() && symbol->offset <= address);
    if (const auto line = tables.line(address))
        require(std::strlen(line->file) < file.size());
    if (const auto rule = tables.rule(address))
        rule->place_of(0);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Header header;
    if (size < kHeaderBytes)
        return 0;
    std::memcpy(&header.address, data, sizeof header.address);
    header.flags = data[kHeaderBytes - 1];
    const size_t bytes = size - kHeaderBytes;
    const std::unique_ptr<std::byte[]> copy(new std::byte[bytes]); // of its exact size
    if (bytes != 0)
        std::memcpy(copy.get(), data + kHeaderBytes, bytes);
    const std::span<std::byte> file(copy.get(), bytes);
    mend(file, header);

    Executable program;
    if (detour::read_executable(file, kSpace, program) == nullptr) {
        check_promises(program, bytes);
        check_tables(file, program.entry);
    }
    check_tables(file, header.address);
    return 0;
}
