// unwind_fuzz.cpp - stacks of any words, and a program's tables of any bytes: the unwinder and the description of the
// words terminate, and read nothing outside the memory that they were given
#include "kernel/unwind/backtrace.hpp"
#include "kernel/unwind/stack_words.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace
{

using namespace detour;

constexpr uint32_t kLow = 0x200000;
constexpr uint32_t kUserLow = 0xBEFF0000;
constexpr uint64_t kMostCharacters = 8'000'000;

void require(bool condition)
{
    if (!condition)
        std::abort();
}

struct Memory {
    std::vector<uint32_t> kernel, user;

    std::optional<uint32_t> read(uint32_t address) const
    {
        for (const auto &[low, words] : {std::pair{kLow, &kernel}, std::pair{kUserLow, &user}})
            if (address % 4 == 0 && address >= low && (address - low) / 4 < words->size())
                return (*words)[(address - low) / 4];
        return std::nullopt;
    }
};

// Takes words, or bytes, off the front of the input; zeros past its end.
struct Input {
    const uint8_t *data;
    size_t size;

    uint32_t word()
    {
        uint32_t result = 0;
        const size_t bytes = size < sizeof result ? size : sizeof result;
        std::memcpy(&result, data, bytes);
        data += bytes;
        size -= bytes;
        return result;
    }
    std::vector<uint32_t> words(size_t count)
    {
        std::vector<uint32_t> result(count);
        for (uint32_t &each : result)
            each = word();
        return result;
    }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Input input{data, size};
    StackStart start;
    for (uint32_t &each : start.registers)
        each = input.word();
    const uint32_t sizes = input.word();
    start.exact = (sizes & 1) != 0;
    StackOwner owner;
    owner.known = {input.word(), input.word(), input.word(), input.word()};
    const Memory memory{input.words(sizes >> 1 & 0x1F), input.words(sizes >> 8 & 0x1F)};
    owner.kernel_stack = {kLow, kLow + 4 * static_cast<uint32_t>(memory.kernel.size())};
    owner.user_stack = {kUserLow, kUserLow + 4 * static_cast<uint32_t>(memory.user.size())};
    // What is left is tables; both rings' are the same. The magic and the counts are made plausible.
    std::vector<uint32_t> tables(input.size / 4);
    if (!tables.empty())
        std::memcpy(tables.data(), input.data, tables.size() * 4);
    if (tables.size() >= 5) {
        tables[0] = 0x31544344;
        for (size_t i = 1; i < 5; ++i)
            tables[i] %= i == 4 ? 64 : 8;
        tables.push_back(0);
    }
    owner.code.kernel = owner.code.program = CodeTables(std::as_bytes(std::span(tables)));

    const MemoryReader reader{
        [](const void *from, uint32_t address) { return static_cast<const Memory *>(from)->read(address); }, &memory};
    uint64_t characters = 0;
    const Sink sink{[](void *count, char) { ++*static_cast<uint64_t *>(count); }, &characters};
    print_stack_words(sink, owner, reader, start);
    print_active_functions(sink, owner, reader, start);
    require(characters < kMostCharacters);
    Unwinder unwinder(owner.code, reader, owner.known, start.registers, start.exact);
    unsigned frames = 0;
    while (unwinder.next())
        require(++frames <= Unwinder::kMaxDepth);
    return 0;
}
