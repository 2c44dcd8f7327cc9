// elf_test.cpp - a sound file, broken in one place at a time; <elf.h> describes the format independently
#include "kernel/elf.hpp"

#include <elf.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace detour
{
namespace
{

constexpr AddressRange kSpace{0x40000000, 0xBFFF0000};
constexpr uint32_t kText = 0x40000000;
constexpr uint32_t kData = 0x40003000;
constexpr uint32_t kTableOffset = 0x100; // where tables begin in the file; the contents of segments are below
constexpr uint32_t kFileBytes = 0x600;

// A program of three segments, not in order, and of a few functions, before it is written as a file.
struct Program {
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

template <typename Entry>
void put(std::vector<std::byte> &file, size_t offset, const Entry *from, size_t count)
{
    if (count != 0)
        std::memcpy(file.data() + offset, from, count * sizeof(Entry));
}

// Sizes of the symbol table and of its names are filled in where they are still 0.
std::vector<std::byte> file_of(Program program)
{
    std::vector<std::byte> file(kFileBytes);
    if (program.symbol_section().sh_size == 0)
        program.symbol_section().sh_size = static_cast<uint32_t>(program.symbols.size() * sizeof(Elf32_Sym));
    if (program.name_section().sh_size == 0)
        program.name_section().sh_size = static_cast<uint32_t>(program.names.size());
    put(file, 0, &program.header, 1);
    put(file, kTableOffset, program.segments.data(), program.segments.size());
    put(file, 0x300, program.sections.data(), program.sections.size());
    put(file, 0x400, program.symbols.data(), program.symbols.size());
    put(file, 0x500, program.names.data(), program.names.size());
    return file;
}

std::string problem_of(const Program &program)
{
    Executable result;
    const char *const problem = read_executable(file_of(program), kSpace, result);
    return problem == nullptr ? "sound" : problem;
}

std::string name_of(const Program &program, uint32_t address)
{
    const std::vector<std::byte> file = file_of(program);
    const auto symbol = find_symbol(file, address);
    return symbol ? symbol->name + ("+" + std::to_string(symbol->offset)) : "?";
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
        void (*damage)(Program &);
    };
    const Case cases[] = {
        {"not an ELF file", [](Program &p) { p.header.e_ident[EI_MAG0] = 0; }},
        {"not an ELF file", [](Program &p) { p.header.e_ident[EI_MAG3] = 'f'; }},
        {"not a 32-bit ELF file", [](Program &p) { p.header.e_ident[EI_CLASS] = ELFCLASS64; }},
        {"not a little-endian ELF file", [](Program &p) { p.header.e_ident[EI_DATA] = ELFDATA2MSB; }},
        {"an unknown version of ELF", [](Program &p) { p.header.e_ident[EI_VERSION] = 0; }},
        {"an unknown version of ELF", [](Program &p) { p.header.e_version = 2; }},
        {"not an executable with fixed addresses", [](Program &p) { p.header.e_type = ET_DYN; }},
        {"not a program for the i386", [](Program &p) { p.header.e_machine = EM_X86_64; }},
        {"the ELF header has a wrong size", [](Program &p) { p.header.e_ehsize = 64; }},
        {"the program headers have a wrong size", [](Program &p) { p.header.e_phentsize = 56; }},
        {"too many program headers", [](Program &p) { p.header.e_phnum = 65; }},
        {"too many program headers", [](Program &p) { p.header.e_phnum = PN_XNUM; }},
        {"the program headers lie outside the file", [](Program &p) { p.header.e_phoff = kFileBytes - 127; }},
        {"the program headers lie outside the file", [](Program &p) { p.header.e_phoff = 0xFFFFFFF0; }},
        {"a segment has more bytes in the file than in memory", [](Program &p) { p.text().p_memsz = 0x7F; }},
        {"a segment has more bytes in the file than in memory", [](Program &p) { p.text().p_memsz = 0; }},
        {"a segment lies outside the file", [](Program &p) { p.text().p_offset = kFileBytes - 0x7F; }},
        {"a segment lies outside the file", [](Program &p) { p.text().p_offset = 0xFFFFFF90; }},
        {"a segment lies outside user space", [](Program &p) { p.text().p_vaddr = kSpace.begin - 1; }},
        {"a segment lies outside user space", [](Program &p) { p.data().p_vaddr = kSpace.end - 0x1FFF; }},
        {"a segment lies outside user space", [](Program &p) { p.data().p_vaddr = kSpace.end + 1; }},
        {"a segment lies outside user space", [](Program &p) { p.data().p_memsz = 0xFFFFFFFF; }},
        {"the alignment of a segment is not a power of two", [](Program &p) { p.text().p_align = 0x1001; }},
        {"a segment is both writable and executable", [](Program &p) { p.data().p_flags |= PF_X; }},
        {"two segments overlap", [](Program &p) { p.text().p_memsz = 0x1001; }},
        {"two segments overlap", [](Program &p) { p.data().p_vaddr = kText; }},
        {"two segments share a page", [](Program &p) { p.data().p_vaddr = kText + 0x1008; }},
        {"two segments share a page", [](Program &p) { p.add_segment(PT_LOAD, kText + 0x1FFF, 1); }},
        {"no segment is executable", [](Program &p) { p.text().p_flags = PF_R; }},
        {"no segment is executable", [](Program &p) { p.header.e_phnum = 0; }},
        {"the entry point lies outside the executable segments",
         [](Program &p) { p.header.e_entry = kText - 1; }},
        {"the entry point lies outside the executable segments",
         [](Program &p) { p.header.e_entry = kText + 0x80; }},
        {"the entry point lies outside the executable segments",
         [](Program &p) { p.header.e_entry = kData; }},
        {"needs a dynamic linker", [](Program &p) { p.add_segment(PT_INTERP, 0, 1); }},
        {"needs a dynamic linker", [](Program &p) { p.add_segment(PT_DYNAMIC, 0, 8); }},
        {"has thread-local storage", [](Program &p) { p.add_segment(PT_TLS, 0, 4); }},
    };
    for (const Case &each : cases) {
        Program program;
        each.damage(program);
        EXPECT_EQ(problem_of(program), each.words) << "case " << &each - cases;
    }
}

TEST(Elf, LeavesTheResultAsItWasOnError)
{
    Executable result;
    result.entry = 7;
    Program program;
    program.header.e_entry = 0;
    EXPECT_NE(read_executable(file_of(program), kSpace, result), nullptr);
    EXPECT_EQ(result.entry, 7U);
    EXPECT_EQ(result.count, 0U);
    EXPECT_EQ(result.end(), 0U);
}

TEST(Elf, AcceptsWhatReachesToTheBounds)
{
    Program program;
    program.text().p_offset = kFileBytes - 0x80;
    program.data().p_vaddr = kSpace.end - 0x2000;
    program.header.e_entry = kText + 0x7F;
    EXPECT_EQ(problem_of(program), "sound");
}

TEST(Elf, IgnoresWhatTakesNoMemory)
{
    Program program;
    program.add_segment(PT_LOAD, kText + 4, 0, PF_W | PF_X);
    program.add_segment(PT_INTERP, 0, 0);
    program.add_segment(PT_DYNAMIC, 0, 0);
    program.add_segment(PT_TLS, 0, 0);
    program.add_segment(PT_NOTE, 0, 4);
    EXPECT_EQ(problem_of(program), "sound");
}

TEST(Elf, TakesNoOffsetFromASegmentWithoutBytesInTheFile)
{
    Program program;
    program.data().p_filesz = 0;
    program.data().p_offset = 0xFFFFFFFF;
    Executable result;
    ASSERT_EQ(read_executable(file_of(program), kSpace, result), nullptr);
    EXPECT_EQ(result.segments()[2].file_offset, 0U);
    EXPECT_EQ(result.segments()[2].memory_bytes, 0x2000U);
}

TEST(Elf, TakesAtMostEightSegments)
{
    Program program;
    for (uint32_t i = 0; i < 5; ++i)
        program.add_segment(PT_LOAD, kData + 0x2000 * (5 - i), 1);
    EXPECT_EQ(problem_of(program), "sound");
    program.add_segment(PT_LOAD, kData + 0x10000, 1);
    EXPECT_EQ(problem_of(program), "too many segments");
}

// Every beginning of the file, each in memory of its own size and at an odd address.
TEST(Elf, ReadsNothingBehindATruncatedFile)
{
    Program program;
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
        EXPECT_EQ(find_symbol(file, kText).has_value(), bytes >= 0x500 + program.names.size()) << bytes;
    }
}

TEST(ElfSymbols, FindsTheFunctionThatHoldsAnAddress)
{
    Program program;
    program.add_symbol("outer", kText + 0x20, 0x40);
    program.add_symbol("start", kText, 0);
    program.add_symbol("inner", kText + 0x30, 8);
    program.add_symbol("variable", kText + 0x38, 4, STT_OBJECT);
    program.add_symbol("undefined", kText + 0x38, 4, STT_FUNC, SHN_UNDEF);
    program.add_symbol("", kText + 0x38, 4);
    program.add_symbol("last", kText + 0x70, 0);
    for (int order = 0; order < 2; ++order) {
        EXPECT_EQ(name_of(program, kText - 1), "?");
        EXPECT_EQ(name_of(program, kText), "start+0");
        EXPECT_EQ(name_of(program, kText + 0x1F), "start+31");
        EXPECT_EQ(name_of(program, kText + 0x2F), "outer+15");
        EXPECT_EQ(name_of(program, kText + 0x37), "inner+7");
        EXPECT_EQ(name_of(program, kText + 0x38), "outer+24");
        EXPECT_EQ(name_of(program, kText + 0x60), "?"); // between outer's end and last
        EXPECT_EQ(name_of(program, kText + 0x7F), "last+15");
        EXPECT_EQ(name_of(program, kText + 0x80), "?"); // behind the section
        EXPECT_EQ(name_of(program, 0xFFFFFFFF), "?");
        std::reverse(program.symbols.begin(), program.symbols.end());
    }
}

TEST(ElfSymbols, SizesThatOverflowCoverTheRestOfTheAddresses)
{
    Program program;
    program.add_symbol("endless", kText, 0xFFFFFFFF);
    EXPECT_EQ(name_of(program, kText - 1), "?");
    EXPECT_EQ(name_of(program, 0xFFFFFFFF), "endless+3221225471");
}

TEST(ElfSymbols, NoSymbolWithoutAnEndingName)
{
    Program program;
    program.add_symbol("whole", kText, 0x10);
    program.add_symbol("cut", kText + 0x10, 0x10);
    program.name_section().sh_size = static_cast<uint32_t>(program.names.size() - 1);
    EXPECT_EQ(name_of(program, kText), "whole+0");
    EXPECT_EQ(name_of(program, kText + 0x10), "?");
    program.symbols[1].st_name = 0xFFFFFFFF;
    EXPECT_EQ(name_of(program, kText), "?");
}

TEST(ElfSymbols, NothingFromUnsoundTables)
{
    void (*const damages[])(Program &) = {
        [](Program &p) { p.header.e_ident[EI_MAG0] = 0; },
        [](Program &p) { p.header.e_shentsize = 64; },
        [](Program &p) { p.header.e_shnum = 0; },
        [](Program &p) { p.header.e_shoff = kFileBytes - 159; },
        [](Program &p) { p.header.e_shoff = 0xFFFFFFF0; },
        [](Program &p) { p.symbol_section().sh_type = SHT_DYNSYM; },
        [](Program &p) { p.symbol_section().sh_entsize = 24; },
        [](Program &p) { p.header.e_shnum = 3; }, // without the names
        [](Program &p) { p.symbol_section().sh_link = 0xFFFFFFFF; },
        [](Program &p) { p.name_section().sh_type = SHT_PROGBITS; },
        [](Program &p) { p.symbol_section().sh_offset = 0xFFFFFFF0; },
        [](Program &p) { p.symbol_section().sh_size = kFileBytes; },
        [](Program &p) { p.name_section().sh_offset = 0xFFFFFFF0; },
        [](Program &p) { p.name_section().sh_size = 0xFFFFFFFF; },
    };
    for (const auto &damage : damages) {
        Program program;
        program.add_symbol("first", kText, 0x10);
        EXPECT_EQ(name_of(program, kText), "first+0");
        damage(program);
        EXPECT_EQ(name_of(program, kText), "?") << "case " << &damage - damages;
    }
    Program program;
    program.add_symbol("first", kText, 0);
    program.symbols[1].st_shndx = SHN_ABS;
    EXPECT_EQ(name_of(program, kText), "?"); // how far it reaches, no section says
    program.symbols[1].st_shndx = 1;
    EXPECT_EQ(name_of(program, kText), "first+0");
    program.sections[1].sh_addr = kText + 0x10;
    program.sections[1].sh_size = 0xFFFFFFFF;
    EXPECT_EQ(name_of(program, kText), "?");
}

#if __SIZEOF_POINTER__ == 4
// The 32-bit tests are an executable of the right kind, from a real linker.
TEST(ElfSymbols, ReadsTheProgramThatRunsThisTest)
{
    std::ostringstream stream;
    stream << std::ifstream("/proc/self/exe", std::ios::binary).rdbuf();
    const std::string text = stream.str();
    const auto file = std::as_bytes(std::span(text));
    Executable result;
    EXPECT_STREQ(read_executable(file, {0x1000, 0xFFFFF000}, result), "has thread-local storage");
    const auto address = reinterpret_cast<uint32_t>(&find_symbol);
    const auto symbol = find_symbol(file, address + 3);
    ASSERT_TRUE(symbol);
    EXPECT_NE(std::string(symbol->name).find("find_symbol"), std::string::npos) << symbol->name;
    EXPECT_EQ(symbol->offset, 3U);
}
#endif

} // namespace
} // namespace detour
