// code_tables_file.hpp - tables about code as a test describes them, packed as tools/build/code_tables.py says
#pragma once

#include "kernel/base/frame_columns.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace detour::fake
{

struct TablesFile {
    static constexpr uint32_t kNowhere = 0xFFFFFFFF;
    enum : uint8_t { kInterrupted = 1, kOutermost = 2, kEitherRing = 4 };
    static constexpr int8_t kInRegister = 100;

    struct Saved {
        uint8_t column;
        int8_t place;
    };
    struct Pair {
        uint32_t address, offset;
    };
    struct Line {
        uint32_t address;
        uint16_t file, line;
    };
    struct Header {
        uint32_t magic = 0x31544344;
        uint32_t symbols = 0, rules = 0, lines = 0, layout_bytes = 0;
    };

    Header header; // the counts are filled in by bytes(); a test may change them behind that
    std::vector<Pair> symbols, rules;
    std::vector<Line> lines;
    std::vector<uint8_t> layouts;
    std::string names;

    uint32_t name(const std::string &text)
    {
        const auto offset = static_cast<uint32_t>(names.size());
        names += text + '\0';
        return offset;
    }
    void symbol(uint32_t address, const std::string &text) { symbols.push_back({address, name(text)}); }
    void symbol_end(uint32_t address) { symbols.push_back({address, kNowhere}); }
    void line(uint32_t address, const std::string &file, uint16_t number)
    {
        lines.push_back({address, static_cast<uint16_t>(name(file)), number});
    }
    void rule(uint32_t address, uint8_t cfa_register, int cfa_words, uint8_t flags, const std::vector<Saved> &saved)
    {
        rules.push_back({address, static_cast<uint32_t>(layouts.size())});
        layouts.insert(layouts.end(),
                       {cfa_register, static_cast<uint8_t>(cfa_words), flags, static_cast<uint8_t>(saved.size())});
        for (const Saved &entry : saved)
            layouts.insert(layouts.end(), {entry.column, static_cast<uint8_t>(entry.place)});
    }
    void rule_end(uint32_t address) { rules.push_back({address, kNowhere}); }

    // The code of a function with a frame pointer: before, between and behind its first two instructions.
    void frame_pointer_function(uint32_t address, uint32_t end, const std::string &text)
    {
        symbol(address, text);
        symbol_end(end);
        rule(address, COLUMN_ESP, 1, 0, {{COLUMN_EIP, -1}});
        rule(address + 1, COLUMN_ESP, 2, 0, {{COLUMN_EBP, -2}, {COLUMN_EIP, -1}});
        rule(address + 3, COLUMN_EBP, 2, 0, {{COLUMN_EBP, -2}, {COLUMN_EIP, -1}});
        rule_end(end);
    }

    std::vector<std::byte> bytes() const
    {
        Header counted = header;
        counted.symbols = static_cast<uint32_t>(symbols.size());
        counted.rules = static_cast<uint32_t>(rules.size());
        counted.lines = static_cast<uint32_t>(lines.size());
        counted.layout_bytes = static_cast<uint32_t>(layouts.size());
        std::vector<std::byte> result;
        append(result, &counted, 1);
        append(result, symbols.data(), symbols.size());
        append(result, rules.data(), rules.size());
        append(result, lines.data(), lines.size());
        append(result, layouts.data(), layouts.size());
        append(result, names.data(), names.size());
        result.push_back(std::byte{0});
        return result;
    }

private:
    template <typename Entry> static void append(std::vector<std::byte> &to, const Entry *from, std::size_t count)
    {
        const auto *const first = reinterpret_cast<const std::byte *>(from);
        to.insert(to.end(), first, first + count * sizeof(Entry));
    }
};

// Bytes in memory of their exact size, so that a read past them is an error to the sanitizer; `shift` bytes behind an
// address that is aligned for words.
class ExactBytes
{
public:
    explicit ExactBytes(std::span<const std::byte> from, std::size_t shift = 0)
        : memory_(new std::byte[from.size() + shift]), bytes_(memory_.get() + shift, from.size())
    {
        if (!from.empty())
            std::memcpy(memory_.get() + shift, from.data(), from.size());
    }
    std::span<const std::byte> bytes() const { return bytes_; }

private:
    std::unique_ptr<std::byte[]> memory_;
    std::span<const std::byte> bytes_;
};

} // namespace detour::fake
