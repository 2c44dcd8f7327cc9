// elf_test.cpp - a sound file, broken in one place at a time
#include "kernel/image/elf.hpp"
#include "kernel/image/elf_format.hpp" // before <elf.h>, whose names are macros

#include "tests/host/elf_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace detour
{
namespace
{

using fake::ElfFile;
using fake::file_of;

constexpr AddressRange kSpace{0x40000000, 0xBFFF0000};
constexpr uint32_t kText = ElfFile::kText;
constexpr uint32_t kData = ElfFile::kData;
constexpr uint32_t kTableOffset = ElfFile::kTableOffset;
constexpr uint32_t kFileBytes = ElfFile::kBytes;

std::string problem_of(const ElfFile &program)
{
    Executable result;
    const char *const problem = read_executable(file_of(program), kSpace, result);
    return problem == nullptr ? "sound" : problem;
}

TEST(Elf, ReadsASoundFile)
{
    Executable result;
    ASSERT_EQ(read_executable(file_of({}), kSpace, result), nullptr);
    EXPECT_EQ(result.entry, kText + 0x10);
    EXPECT_EQ(result.end(), kData + 0x2000);
    const auto segments = result.segments();
    ASSERT_EQ(segments.size(), 3U);
    EXPECT_EQ(segments[0].address, kText);
    EXPECT_EQ(segments[0].file_offset, 0x60U);
    EXPECT_TRUE(segments[0].executable && !segments[0].writable);
    EXPECT_EQ(segments[1].address, kText + 0x1000);
    EXPECT_TRUE(!segments[1].executable && !segments[1].writable);
    EXPECT_EQ(segments[2].address, kData);
    EXPECT_EQ(segments[2].file_bytes, 0x20U);
    EXPECT_EQ(segments[2].memory_bytes, 0x2000U);
    EXPECT_TRUE(!segments[2].executable && segments[2].writable);
}

TEST(Elf, SaysWhatIsWrong)
{
    struct Case {
        const char *words;
        void (*damage)(ElfFile &);
    };
    const Case cases[] = {
        {"not an ELF file", [](ElfFile &p) { p.header.e_ident[EI_MAG0] = 0; }},
        {"not an ELF file", [](ElfFile &p) { p.header.e_ident[EI_MAG3] = 'f'; }},
        {"not a 32-bit ELF file", [](ElfFile &p) { p.header.e_ident[EI_CLASS] = ELFCLASS64; }},
        {"not a little-endian ELF file", [](ElfFile &p) { p.header.e_ident[EI_DATA] = ELFDATA2MSB; }},
        {"an unknown version of ELF", [](ElfFile &p) { p.header.e_ident[EI_VERSION] = 0; }},
        {"an unknown version of ELF", [](ElfFile &p) { p.header.e_version = 2; }},
        {"not an executable with fixed addresses", [](ElfFile &p) { p.header.e_type = ET_DYN; }},
        {"not a program for the i386", [](ElfFile &p) { p.header.e_machine = EM_X86_64; }},
        {"the ELF header has a wrong size", [](ElfFile &p) { p.header.e_ehsize = 64; }},
        {"the program headers have a wrong size", [](ElfFile &p) { p.header.e_phentsize = 56; }},
        {"too many program headers", [](ElfFile &p) { p.header.e_phnum = 65; }},
        {"too many program headers", [](ElfFile &p) { p.header.e_phnum = PN_XNUM; }},
        {"the program headers lie outside the file", [](ElfFile &p) { p.header.e_phoff = kFileBytes - 127; }},
        {"the program headers lie outside the file", [](ElfFile &p) { p.header.e_phoff = 0xFFFFFFF0; }},
        {"a segment has more bytes in the file than in memory", [](ElfFile &p) { p.text().p_memsz = 0x7F; }},
        {"a segment has more bytes in the file than in memory", [](ElfFile &p) { p.text().p_memsz = 0; }},
        {"a segment lies outside the file", [](ElfFile &p) { p.text().p_offset = kFileBytes - 0x7F; }},
        {"a segment lies outside the file", [](ElfFile &p) { p.text().p_offset = 0xFFFFFF90; }},
        {"a segment lies outside user space", [](ElfFile &p) { p.text().p_vaddr = kSpace.begin - 1; }},
        {"a segment lies outside user space", [](ElfFile &p) { p.data().p_vaddr = kSpace.end - 0x1FFF; }},
        {"a segment lies outside user space", [](ElfFile &p) { p.data().p_vaddr = kSpace.end + 1; }},
        {"a segment lies outside user space", [](ElfFile &p) { p.data().p_memsz = 0xFFFFFFFF; }},
        {"the alignment of a segment is not a power of two", [](ElfFile &p) { p.text().p_align = 0x1001; }},
        {"a segment is both writable and executable", [](ElfFile &p) { p.data().p_flags |= PF_X; }},
        {"two segments overlap", [](ElfFile &p) { p.text().p_memsz = 0x1001; }},
        {"two segments overlap", [](ElfFile &p) { p.data().p_vaddr = kText; }},
        {"two segments share a page", [](ElfFile &p) { p.data().p_vaddr = kText + 0x1008; }},
        {"two segments share a page", [](ElfFile &p) { p.add_segment(PT_LOAD, kText + 0x1FFF, 1); }},
        {"no segment is executable", [](ElfFile &p) { p.text().p_flags = PF_R; }},
        {"no segment is executable", [](ElfFile &p) { p.header.e_phnum = 0; }},
        {"the entry point lies outside the executable segments", [](ElfFile &p) { p.header.e_entry = kText - 1; }},
        {"the entry point lies outside the executable segments", [](ElfFile &p) { p.header.e_entry = kText + 0x80; }},
        {"the entry point lies outside the executable segments", [](ElfFile &p) { p.header.e_entry = kData; }},
        {"needs a dynamic linker", [](ElfFile &p) { p.add_segment(PT_INTERP, 0, 1); }},
        {"needs a dynamic linker", [](ElfFile &p) { p.add_segment(PT_DYNAMIC, 0, 8); }},
        {"has thread-local storage", [](ElfFile &p) { p.add_segment(PT_TLS, 0, 4); }},
    };
    for (const Case &each : cases) {
        ElfFile program;
        each.damage(program);
        EXPECT_EQ(problem_of(program), each.words) << "case " << &each - cases;
    }
}

TEST(Elf, LeavesTheResultAsItWasOnError)
{
    Executable result;
    result.entry = 7;
    ElfFile program;
    program.header.e_entry = 0;
    EXPECT_NE(read_executable(file_of(program), kSpace, result), nullptr);
    EXPECT_EQ(result.entry, 7U);
    EXPECT_EQ(result.count, 0U);
    EXPECT_EQ(result.end(), 0U);
}

TEST(Elf, AcceptsWhatReachesToTheBounds)
{
    ElfFile program;
    program.text().p_offset = kFileBytes - 0x80;
    program.data().p_vaddr = kSpace.end - 0x2000;
    program.header.e_entry = kText + 0x7F;
    EXPECT_EQ(problem_of(program), "sound");
}

TEST(Elf, IgnoresWhatTakesNoMemory)
{
    ElfFile program;
    program.add_segment(PT_LOAD, kText + 4, 0, PF_W | PF_X);
    program.add_segment(PT_INTERP, 0, 0);
    program.add_segment(PT_DYNAMIC, 0, 0);
    program.add_segment(PT_TLS, 0, 0);
    program.add_segment(PT_NOTE, 0, 4);
    EXPECT_EQ(problem_of(program), "sound");
}

TEST(Elf, TakesNoOffsetFromASegmentWithoutBytesInTheFile)
{
    ElfFile program;
    program.data().p_filesz = 0;
    program.data().p_offset = 0xFFFFFFFF;
    Executable result;
    ASSERT_EQ(read_executable(file_of(program), kSpace, result), nullptr);
    EXPECT_EQ(result.segments()[2].file_offset, 0U);
    EXPECT_EQ(result.segments()[2].memory_bytes, 0x2000U);
}

TEST(Elf, TakesAtMostEightSegments)
{
    ElfFile program;
    for (uint32_t i = 0; i < 5; ++i)
        program.add_segment(PT_LOAD, kData + 0x2000 * (5 - i), 1);
    EXPECT_EQ(problem_of(program), "sound");
    program.add_segment(PT_LOAD, kData + 0x10000, 1);
    EXPECT_EQ(problem_of(program), "too many segments");
}

// Every beginning of the file, each in memory of its own size and at an odd address.
TEST(Elf, ReadsNothingBehindATruncatedFile)
{
    ElfFile program;
    program.add_symbol("first", kText, 0x10);
    const std::vector<std::byte> whole = file_of(program);
    for (size_t bytes = 0; bytes <= whole.size(); ++bytes) {
        const std::unique_ptr<std::byte[]> copy(new std::byte[bytes + 1]);
        std::copy_n(whole.begin(), bytes, copy.get() + 1);
        const std::span<const std::byte> file(copy.get() + 1, bytes);
        Executable result;
        const char *const problem = read_executable(file, kSpace, result);
        if (bytes < sizeof(Elf32_Ehdr))
            EXPECT_STREQ(problem, "too short for an ELF header");
        else // the program headers are the last that is needed
            EXPECT_EQ(problem == nullptr, bytes >= kTableOffset + 4 * sizeof(Elf32_Phdr)) << bytes;
    }
}

// A file with a section `wanted`, the last of two that begin with that name, at 0x420.
ElfFile with_sections()
{
    ElfFile program;
    program.add_section("wanted.more", 0x410, 4);
    program.add_section("wanted", 0x420, 0x30);
    return program;
}

TEST(ElfSections, FindsTheSectionOfThatName)
{
    const auto file = file_of(with_sections());
    const auto section = elf::find_section(file, "wanted");
    ASSERT_TRUE(section);
    EXPECT_EQ(section->data(), file.data() + 0x420);
    EXPECT_EQ(section->size(), 0x30U);
    EXPECT_EQ(elf::find_section(file, "wanted.more")->data(), file.data() + 0x410);
    for (const char *name : {"want", "wanted.", "anted", "wanted.more.", "x"})
        EXPECT_FALSE(elf::find_section(file, name)) << name;
    EXPECT_FALSE(elf::find_section(file_of({}), "wanted"));
}

TEST(ElfSections, TakesTheFirstThatHasContents)
{
    ElfFile program = with_sections();
    program.sections[4].sh_name = program.sections[5].sh_name;
    EXPECT_EQ(elf::find_section(file_of(program), "wanted")->size(), 4U);
    program.sections[4].sh_type = SHT_NOBITS;
    EXPECT_EQ(elf::find_section(file_of(program), "wanted")->size(), 0x30U);
}

TEST(ElfSections, NothingFromUnsoundHeaders)
{
    void (*const damages[])(ElfFile &) = {
        [](ElfFile &p) { p.header.e_ident[EI_MAG0] = 0; },
        [](ElfFile &p) { p.header.e_ident[EI_CLASS] = ELFCLASS64; },
        [](ElfFile &p) { p.header.e_shentsize = 64; },
        [](ElfFile &p) { p.header.e_shentsize = 0; },
        [](ElfFile &p) { p.header.e_shnum = 0; },
        [](ElfFile &p) { p.header.e_shnum = 5; }, // without the one that is wanted
        [](ElfFile &p) { p.header.e_shnum = 0xFFFF; },
        [](ElfFile &p) { p.header.e_shoff = kFileBytes - 239; },
        [](ElfFile &p) { p.header.e_shoff = 0xFFFFFFF0; },
        [](ElfFile &p) { p.header.e_shstrndx = 6; },
        [](ElfFile &p) { p.header.e_shstrndx = 0xFFFF; },
        [](ElfFile &p) { p.header.e_shstrndx = 1; }, // not the names
        [](ElfFile &p) { p.name_section().sh_offset = 0xFFFFFFF0; },
        [](ElfFile &p) { p.name_section().sh_size = 0xFFFFFFFF; },
        [](ElfFile &p) { p.name_section().sh_size = static_cast<uint32_t>(p.names.size() - 1); },
        [](ElfFile &p) { p.sections[5].sh_name = 0xFFFFFFFF; },
        [](ElfFile &p) { p.sections[5].sh_name += 1; },
        [](ElfFile &p) { p.sections[5].sh_type = SHT_NOTE; },
        [](ElfFile &p) { p.sections[5].sh_offset = kFileBytes - 0x2F; },
        [](ElfFile &p) { p.sections[5].sh_offset = 0xFFFFFFF0; },
        [](ElfFile &p) { p.sections[5].sh_size = 0xFFFFFFFF; },
    };
    EXPECT_TRUE(elf::find_section(file_of(with_sections()), "wanted"));
    for (const auto &damage : damages) {
        ElfFile program = with_sections();
        damage(program);
        EXPECT_FALSE(elf::find_section(file_of(program), "wanted")) << "case " << &damage - damages;
    }
    ElfFile edge = with_sections();
    edge.sections[5].sh_offset = kFileBytes - 0x30;
    EXPECT_EQ(elf::find_section(file_of(edge), "wanted")->size(), 0x30U);
}

// Every beginning of the file, each in memory of its own size and at an odd address.
TEST(ElfSections, NothingBehindATruncatedFile)
{
    const ElfFile program = with_sections();
    const std::vector<std::byte> whole = file_of(program);
    const size_t needed = 0x500 + program.names.size();
    for (size_t bytes = 0; bytes <= whole.size(); ++bytes) {
        const std::unique_ptr<std::byte[]> copy(new std::byte[bytes + 1]);
        std::copy_n(whole.begin(), bytes, copy.get() + 1);
        const std::span<const std::byte> file(copy.get() + 1, bytes);
        ASSERT_EQ(elf::find_section(file, "wanted").has_value(), bytes >= needed) << bytes;
    }
}

} // namespace
} // namespace detour
