// code_tables.hpp - the tables that describe code: names, call frame information, source lines
//
// tools/build/code_tables.py makes the tables and describes their layout. The image has them at code_tables, a ring-3
// program in its section .code_tables. The tables of a program are not trusted: every number is checked when it is
// used, so that wrong tables can at worst give a wrong result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace detour
{

// A code address as `name + offset`.
struct Symbol {
    const char *name;
    uint32_t offset;
};

// A source line; the file name is relative to the root of the project.
struct SourceLine {
    const char *file;
    unsigned line;
};

// Where a register of the caller is: at CFA + place * 4, or, from kInRegister on, in the register place - kInRegister.
struct SavedRegister {
    static constexpr int kInRegister = 100;

    uint8_t column; // see frame_columns.h
    int8_t place;
};

// How to get from the registers in a function to those in its caller. The canonical frame address (CFA) is the caller's
// ESP before the call, or the ESP before an interrupt.
struct FrameRule {
    uint8_t cfa_register = 0;
    int8_t cfa_words = 0;     // CFA = register + 4 * this
    bool interrupted = false; // no call: an interrupt occurred before an instruction of the "caller"
    bool outermost = false;   // there is no caller, or it is not on the stack
    bool either_ring = false; // the caller's ESP is stored at the CFA if its CS is of ring 3
    std::span<const SavedRegister> saved{};

    // The place of this column, or nothing if it was not saved.
    std::optional<int> place_of(unsigned column) const;
};

class CodeTables
{
public:
    constexpr CodeTables() = default;

    // The tables in these bytes. If the bytes are not valid tables, or not word-aligned, the tables are empty and every
    // lookup fails.
    explicit CodeTables(std::span<const std::byte> bytes);

    // The function that holds the address.
    std::optional<Symbol> symbol(uint32_t address) const;
    // The function number `index` in the order of addresses, and its address as the offset; nullptr as its name for a
    // gap between functions. Nothing behind the last one.
    std::optional<Symbol> symbol_number(uint32_t index) const;

    std::optional<FrameRule> rule(uint32_t address) const;
    std::optional<SourceLine> line(uint32_t address) const;

private:
    struct Entry {
        uint32_t address;
        uint32_t offset;
    };
    struct Line {
        uint32_t address;
        uint16_t file;
        uint16_t line;
    };

    const char *name_at(uint32_t offset) const;

    std::span<const Entry> symbols_;
    std::span<const Entry> rules_;
    std::span<const Line> lines_;
    std::span<const std::byte> layouts_;
    std::span<const char> names_; // ends with NUL
};

// The tables of this image; empty if none are linked in.
CodeTables kernel_code_tables();

// The tables of a ring-3 program, from its ELF file; empty if it has none.
CodeTables program_code_tables(std::span<const std::byte> file);

} // namespace detour
