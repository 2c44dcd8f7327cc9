// code_tables_test.cpp - sound tables at their boundaries; then cut, damaged and random ones
#include "kernel/image/code_tables.hpp"

#include "tests/host/code_tables_file.hpp"
#include "tests/host/elf_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace detour
{
namespace
{

using fake::ExactBytes;
using fake::TablesFile;

constexpr uint32_t kNowhere = TablesFile::kNowhere;

// Functions at 0x1000 and 0x1010 (one byte), a gap from 0x1011 on, and a last function without an end.
TablesFile sound_tables()
{
    TablesFile file;
    file.line(0x1000, "kernel/a.cpp", 10);
    file.line(0x1008, "kernel/a.cpp", 11);
    file.line(0x1010, "", 0);
    file.line(0x2000, "arch/b.S", 65535);
    file.symbol(0x1000, "start");
    file.symbol(0x1010, "two");
    file.symbol_end(0x1011);
    file.symbol(0x2000, "last");
    file.rule(0x1000, COLUMN_ESP, 1, 0, {{COLUMN_EIP, -1}});
    file.rule(0x1001, COLUMN_EBP, -128, TablesFile::kInterrupted, {});
    file.rule_end(0x1010);
    file.rule(0x2000, COLUMN_EDI, 127, TablesFile::kOutermost | TablesFile::kEitherRing,
              {{COLUMN_EBP, -128}, {COLUMN_EIP, TablesFile::kInRegister}, {COLUMN_ESI, 3}});
    return file;
}

std::string symbol_of(const CodeTables &tables, uint32_t address)
{
    const auto symbol = tables.symbol(address);
    return symbol ? symbol->name + ("+" + std::to_string(symbol->offset)) : "?";
}

std::string line_of(const CodeTables &tables, uint32_t address)
{
    const auto line = tables.line(address);
    return line ? line->file + (":" + std::to_string(line->line)) : "?";
}

TEST(CodeTables, FindsTheFunctionThatHoldsAnAddress)
{
    const auto bytes = sound_tables().bytes();
    const CodeTables tables(bytes);
    EXPECT_EQ(symbol_of(tables, 0), "?");
    EXPECT_EQ(symbol_of(tables, 0xFFF), "?");
    EXPECT_EQ(symbol_of(tables, 0x1000), "start+0");
    EXPECT_EQ(symbol_of(tables, 0x100F), "start+15");
    EXPECT_EQ(symbol_of(tables, 0x1010), "two+0");
    EXPECT_EQ(symbol_of(tables, 0x1011), "?"); // the section ends there
    EXPECT_EQ(symbol_of(tables, 0x1FFF), "?");
    EXPECT_EQ(symbol_of(tables, 0x2000), "last+0");
    EXPECT_EQ(symbol_of(tables, 0xFFFFFFFF), "last+4294959103");
}

TEST(CodeTables, AgreesWithALinearSearch)
{
    const TablesFile file = sound_tables();
    const auto bytes = file.bytes();
    const CodeTables tables(bytes);
    for (uint32_t address = 0xF00; address < 0x2200; ++address) {
        std::string expected = "?";
        for (const auto &entry : file.symbols)
            if (entry.address <= address)
                expected = entry.offset == kNowhere
                               ? "?"
                               : &file.names[entry.offset] + ("+" + std::to_string(address - entry.address));
        ASSERT_EQ(symbol_of(tables, address), expected) << address;
    }
}

TEST(CodeTables, FindsTheLine)
{
    const auto bytes = sound_tables().bytes();
    const CodeTables tables(bytes);
    EXPECT_EQ(line_of(tables, 0xFFF), "?");
    EXPECT_EQ(line_of(tables, 0x1007), "kernel/a.cpp:10");
    EXPECT_EQ(line_of(tables, 0x1008), "kernel/a.cpp:11");
    EXPECT_EQ(line_of(tables, 0x100F), "kernel/a.cpp:11");
    EXPECT_EQ(line_of(tables, 0x1010), "?"); // code of which no line is known
    EXPECT_EQ(line_of(tables, 0x2000), "arch/b.S:65535");
}

TEST(CodeTables, FindsTheRule)
{
    const auto bytes = sound_tables().bytes();
    const CodeTables tables(bytes);
    EXPECT_FALSE(tables.rule(0xFFF));
    EXPECT_FALSE(tables.rule(0x1010)); // code without call frame information
    const auto first = tables.rule(0x1000);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->cfa_register, COLUMN_ESP);
    EXPECT_EQ(first->cfa_words, 1);
    EXPECT_FALSE(first->interrupted || first->outermost || first->either_ring);
    EXPECT_EQ(first->place_of(COLUMN_EIP), -1);
    EXPECT_FALSE(first->place_of(COLUMN_EBP));
    const auto second = tables.rule(0x100F);
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->interrupted && !second->outermost && !second->either_ring);
    EXPECT_EQ(second->cfa_words, -128);
    EXPECT_TRUE(second->saved.empty());
    const auto last = tables.rule(0xFFFFFFFF);
    ASSERT_TRUE(last);
    EXPECT_TRUE(!last->interrupted && last->outermost && last->either_ring);
    EXPECT_EQ(last->cfa_register, COLUMN_EDI);
    EXPECT_EQ(last->cfa_words, 127);
    EXPECT_EQ(last->place_of(COLUMN_EBP), -128);
    EXPECT_EQ(last->place_of(COLUMN_EIP), SavedRegister::kInRegister);
    EXPECT_EQ(last->place_of(COLUMN_ESI), 3);
}

// Whatever the tables are: every query returns, and nothing outside the bytes is read.
void ask_everything(std::span<const std::byte> bytes)
{
    const CodeTables tables(bytes);
    for (const uint32_t address : {0U, 1U, 0x1000U, 0x1001U, 0x1010U, 0x1011U, 0x2000U, 0xFFFFFFFFU}) {
        const auto symbol = tables.symbol(address);
        ASSERT_TRUE(!symbol || std::strlen(symbol->name) < bytes.size());
        const auto line = tables.line(address);
        ASSERT_TRUE(!line || std::strlen(line->file) < bytes.size());
        if (const auto rule = tables.rule(address))
            for (unsigned column = 0; column < 256; ++column)
                rule->place_of(column);
    }
}

TEST(CodeTables, TruncatedOnesKnowNothing)
{
    const auto whole = sound_tables().bytes();
    const size_t names = whole.size() - 1 - sound_tables().names.size();
    for (size_t size = 0; size < whole.size(); ++size) {
        const ExactBytes cut(std::span<const std::byte>(whole).first(size));
        ask_everything(cut.bytes());
        // After the fixed tables, what ends with NUL is names, though fewer.
        const bool refused = size <= names || whole[size - 1] != std::byte{0};
        EXPECT_TRUE(!refused || symbol_of(CodeTables(cut.bytes()), 0x1000) == "?") << size;
    }
}

TEST(CodeTables, UnalignedOnesKnowNothing)
{
    const auto whole = sound_tables().bytes();
    for (size_t shift = 0; shift < 8; ++shift) {
        const ExactBytes moved(whole, shift);
        EXPECT_EQ(symbol_of(CodeTables(moved.bytes()), 0x1000), shift % 4 == 0 ? "start+0" : "?") << shift;
    }
    EXPECT_EQ(symbol_of(CodeTables(), 0x1000), "?");
    EXPECT_EQ(symbol_of(kernel_code_tables(), 0x1000), "?"); // none are linked into this test
}

TEST(CodeTables, AbsurdHeaders)
{
    const auto whole = sound_tables().bytes();
    for (size_t field = 0; field < 5; ++field) {
        for (const uint32_t value :
             {0U, 1U, 5U, 0x1000U, 0x1FFFFFFFU, 0x20000000U, 0x20000001U, 0x80000000U, kNowhere}) {
            ExactBytes changed(whole);
            auto *const at = const_cast<std::byte *>(changed.bytes().data()) + field * sizeof value;
            std::memcpy(at, &value, sizeof value);
            ask_everything(changed.bytes());
            const bool refused = field == 0 || value >= 0x1000;
            EXPECT_TRUE(!refused || symbol_of(CodeTables(changed.bytes()), 0x1000) == "?") << field << " " << value;
        }
    }
}

TEST(CodeTables, AbsurdOffsets)
{
    const uint32_t layout_bytes = static_cast<uint32_t>(sound_tables().layouts.size());
    for (const uint32_t offset : {layout_bytes - 4, layout_bytes - 3, layout_bytes - 1, layout_bytes, layout_bytes + 1,
                                  0x7FFFFFFFU, 0xFFFFFFFCU, 0xFFFFFFFEU}) {
        TablesFile file = sound_tables();
        file.rules[0].offset = offset;
        file.symbols[0].offset = offset;
        file.lines[0].file = static_cast<uint16_t>(offset);
        const auto packed = file.bytes();
        const ExactBytes bytes(packed);
        ask_everything(bytes.bytes());
        EXPECT_FALSE(offset > layout_bytes - 4 && CodeTables(bytes.bytes()).rule(0x1000)) << offset;
        EXPECT_TRUE(offset <= file.names.size() || symbol_of(CodeTables(bytes.bytes()), 0x1000) == "+0") << offset;
    }
}

TEST(CodeTables, AbsurdLayouts)
{
    TablesFile file = sound_tables();
    const uint32_t last = file.rules.back().offset;
    file.layouts[last + 3] = 4; // one register more than there are bytes
    auto bytes = file.bytes();
    EXPECT_FALSE(CodeTables(bytes).rule(0x2000));
    file.layouts[last + 3] = 3;
    file.layouts[last] = COLUMN_EIP; // no CFA counts from there
    bytes = file.bytes();
    EXPECT_FALSE(CodeTables(bytes).rule(0x2000));
    file.layouts[last] = COLUMN_EAX;
    bytes = file.bytes();
    EXPECT_TRUE(CodeTables(bytes).rule(0x2000));
}

TEST(CodeTables, NamesWithoutAnEndAreRefused)
{
    auto bytes = sound_tables().bytes();
    bytes.back() = std::byte{'x'};
    EXPECT_EQ(symbol_of(CodeTables(bytes), 0x1000), "?");
}

TEST(CodeTables, EndureAnyBytes)
{
    std::mt19937 random(1);
    const auto whole = sound_tables().bytes();
    for (int round = 0; round < 20'000; ++round) {
        auto bytes = whole;
        for (unsigned changes = random() % 8; changes > 0; --changes)
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        bytes.resize(random() % 4 == 0 ? random() % bytes.size() : bytes.size());
        const ExactBytes copy(bytes);
        ask_everything(copy.bytes());
    }
}

TEST(CodeTables, OfAProgramLieInASectionOfItsFile)
{
    const auto tables = sound_tables().bytes();
    auto program = fake::ElfFile();
    program.add_section(".code_tables", 0x420, static_cast<uint32_t>(tables.size()));
    auto file = file_of(program);
    ASSERT_LE(0x420 + tables.size(), 0x500U); // where the names are
    std::copy(tables.begin(), tables.end(), file.begin() + 0x420);
    EXPECT_EQ(symbol_of(program_code_tables(file), 0x1010), "two+0");
    EXPECT_EQ(symbol_of(program_code_tables(fake::file_of({})), 0x1010), "?");
    EXPECT_EQ(symbol_of(program_code_tables({}), 0x1010), "?");
}

} // namespace
} // namespace detour
