// elf.cpp - reading and checking the headers of an ELF32 executable
#include "kernel/image/elf.hpp"

#include "kernel/image/elf_format.hpp"
#include "kernel/memory/page_allocator.hpp"

#include <algorithm>

namespace detour
{

const char *elf::read_header(elf::Bytes file, elf::ElfHeader &header)
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

using namespace elf;

namespace
{

constexpr uint32_t kMaxProgramHeaders = 64; // linkers write about ten

const char *check_segment(Bytes file, AddressRange space, const ProgramHeader &header)
{
    if (header.p_filesz > header.p_memsz)
        return "a segment has more bytes in the file than in memory";
    // Linkers may give a segment without bytes in the file an arbitrary offset.
    if (header.p_filesz != 0 && !part(file, header.p_offset, header.p_filesz))
        return "a segment lies outside the file";
    if (header.p_memsz == 0)
        return nullptr;
    if (header.p_vaddr < space.begin || header.p_vaddr > space.end || header.p_memsz > space.end - header.p_vaddr)
        return "a segment lies outside user space";
    if ((header.p_align & (header.p_align - 1)) != 0)
        return "the alignment of a segment is not a power of two";
    if ((header.p_flags & PF_W) != 0 && (header.p_flags & PF_X) != 0)
        return "a segment is both writable and executable";
    return nullptr;
}

// Inserts a checked segment, in order of address.
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

// Checks the segments against each other, once all are known.
const char *check_program(const Executable &program)
{
    bool any_executable = false;
    bool entry_found = false;
    const Segment *lower = nullptr;
    for (const Segment &segment : program.segments()) {
        if (lower != nullptr && lower->end() > segment.address)
            return "two segments overlap";
        // A page has a single set of permissions.
        if (lower != nullptr && (lower->end() - 1) / kPageBytes == segment.address / kPageBytes)
            return "two segments share a page";
        any_executable |= segment.executable;
        entry_found |= segment.executable && segment.contains(program.entry);
        lower = &segment;
    }
    if (!any_executable)
        return "no segment is executable";
    return entry_found ? nullptr : "the entry point lies outside the executable segments";
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

} // namespace detour
