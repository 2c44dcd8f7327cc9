// symbols_test.cpp - names for addresses; this file also stands in for the table that the link puts into an
// image
#include "kernel/symbols.hpp"

#include <gtest/gtest.h>

#include <string>

extern "C" {
extern const detour::SymbolEntry symbol_table[];
extern const uint32_t symbol_count;
extern const char symbol_names[];
const detour::SymbolEntry symbol_table[] = {{0x1000, 0}, {0x1010, 6}, {0x1010, 12}, {0x2000, 16}};
const uint32_t symbol_count = 4;
const char symbol_names[] = "start\0alias\0two\0last";
}

namespace
{

std::string name_of(const detour::SymbolTable &table, uint32_t address)
{
    const auto symbol = table.lookup(address);
    return symbol ? symbol->name + ("+" + std::to_string(symbol->offset)) : "?";
}

TEST(Symbols, FindsTheFunctionThatHoldsAnAddress)
{
    const auto table = detour::kernel_symbols(0x2100);
    EXPECT_EQ(name_of(table, 0x1000), "start+0");
    EXPECT_EQ(name_of(table, 0x100F), "start+15");
    EXPECT_EQ(name_of(table, 0x1010), "two+0");
    EXPECT_EQ(name_of(table, 0x1FFF), "two+4079");
    EXPECT_EQ(name_of(table, 0x2000), "last+0");
    EXPECT_EQ(name_of(table, 0x20FF), "last+255");
}

TEST(Symbols, FindsNothingOutsideTheText)
{
    const auto table = detour::kernel_symbols(0x2100);
    for (const uint32_t address : {0U, 0xFFFU, 0x2100U, 0xFFFFFFFFU})
        EXPECT_EQ(name_of(table, address), "?");
    EXPECT_EQ(name_of(detour::SymbolTable({}, "", 0xFFFFFFFF), 0x1000), "?");
}

TEST(Symbols, AgreesWithALinearSearch)
{
    const auto table = detour::kernel_symbols(0x2100);
    for (uint32_t address = 0xF00; address < 0x2200; ++address) {
        std::string expected = "?";
        for (const auto &entry : std::span(symbol_table, symbol_count))
            if (entry.address <= address && address < 0x2100)
                expected = symbol_names + entry.name_offset + ("+" + std::to_string(address - entry.address));
        ASSERT_EQ(name_of(table, address), expected);
    }
}

} // namespace
