#include "kernel/image/code_tables.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/frame_columns.h"
#include "kernel/image/elf_format.hpp"

#include <algorithm>
#include <cstring>

// Defined by the link (tools/build/link_image.py); weak, so that a program without the tables links too.
extern "C" {
[[gnu::weak]] extern const std::byte code_tables[];
[[gnu::weak]] extern const std::byte code_tables_end[];
}

namespace detour
{

namespace
{

constexpr uint32_t kMagic = 0x31544344;
constexpr uint32_t kNowhere = 0xFFFFFFFF; // the offset of an entry where no code begins

constexpr uint8_t kCfaRegisters = COLUMN_EDI + 1;

struct Header {
    uint32_t magic;
    uint32_t symbols, rules, lines;
    uint32_t layout_bytes;
};

struct Layout { // followed by its SavedRegisters
    uint8_t cfa_register;
    int8_t cfa_words;
    uint8_t flags; // kInterrupted ...
    uint8_t saved;
};
enum : uint8_t { kInterrupted = 1, kOutermost = 2, kEitherRing = 4 };

static_assert(sizeof(Layout) == 4 && alignof(Layout) == 1 && sizeof(SavedRegister) == 2);

// Splits a table of `count` entries off the front of the bytes. Returns false if there are too few bytes.
template <typename Entry> bool take(std::span<const std::byte> &bytes, uint32_t count, std::span<const Entry> &table)
{
    if (count > bytes.size() / sizeof(Entry))
        return false;
    table = {reinterpret_cast<const Entry *>(bytes.data()), count};
    bytes = bytes.subspan(count * sizeof(Entry));
    return true;
}

// The last entry whose offset is not above the address.
template <typename Entry> const Entry *entry_before(std::span<const Entry> table, uint32_t address)
{
    const auto above = std::upper_bound(table.begin(), table.end(), address,
                                        [](uint32_t value, const Entry &entry) { return value < entry.address; });
    return above == table.begin() ? nullptr : &*(above - 1);
}

} // namespace

std::optional<int> FrameRule::place_of(unsigned column) const
{
    for (const SavedRegister &entry : saved)
        if (entry.column == column)
            return entry.place;
    return std::nullopt;
}

CodeTables::CodeTables(std::span<const std::byte> bytes)
{
    if (address_of(bytes.data()) % alignof(uint32_t) != 0 || bytes.size() < sizeof(Header))
        return;
    Header header;
    std::memcpy(&header, bytes.data(), sizeof header);
    bytes = bytes.subspan(sizeof header);
    CodeTables all;
    if (header.magic != kMagic || !take(bytes, header.symbols, all.symbols_) ||
        !take(bytes, header.rules, all.rules_) || !take(bytes, header.lines, all.lines_) ||
        !take(bytes, header.layout_bytes, all.layouts_) || bytes.empty() || bytes.back() != std::byte{0})
        return;
    all.names_ = {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
    *this = all;
}

const char *CodeTables::name_at(uint32_t offset) const
{
    return offset < names_.size() ? &names_[offset] : "";
}

std::optional<Symbol> CodeTables::symbol(uint32_t address) const
{
    const Entry *const entry = entry_before(symbols_, address);
    if (entry == nullptr || entry->offset == kNowhere)
        return std::nullopt;
    return Symbol{name_at(entry->offset), address - entry->address};
}

std::optional<Symbol> CodeTables::symbol_number(uint32_t index) const
{
    if (index >= symbols_.size())
        return std::nullopt;
    const Entry &entry = symbols_[index];
    return Symbol{entry.offset == kNowhere ? nullptr : name_at(entry.offset), entry.address};
}

std::optional<FrameRule> CodeTables::rule(uint32_t address) const
{
    const Entry *const entry = entry_before(rules_, address);
    if (entry == nullptr || entry->offset == kNowhere || entry->offset > layouts_.size() ||
        layouts_.size() - entry->offset < sizeof(Layout))
        return std::nullopt;
    const auto bytes = layouts_.subspan(entry->offset);
    Layout layout;
    std::memcpy(&layout, bytes.data(), sizeof layout);
    if (layout.cfa_register >= kCfaRegisters || (bytes.size() - sizeof layout) / sizeof(SavedRegister) < layout.saved)
        return std::nullopt;
    return FrameRule{
        layout.cfa_register,
        layout.cfa_words,
        (layout.flags & kInterrupted) != 0,
        (layout.flags & kOutermost) != 0,
        (layout.flags & kEitherRing) != 0,
        {reinterpret_cast<const SavedRegister *>(bytes.data() + sizeof layout), layout.saved},
    };
}

std::optional<SourceLine> CodeTables::line(uint32_t address) const
{
    const Line *const entry = entry_before(lines_, address);
    if (entry == nullptr || entry->line == 0)
        return std::nullopt;
    return SourceLine{name_at(entry->file), entry->line};
}

CodeTables kernel_code_tables()
{
    if (code_tables == nullptr)
        return {};
    return CodeTables({code_tables, static_cast<std::size_t>(code_tables_end - code_tables)});
}

CodeTables program_code_tables(std::span<const std::byte> file)
{
    const auto section = elf::find_section(file, ".code_tables");
    return section ? CodeTables(*section) : CodeTables{};
}

} // namespace detour
