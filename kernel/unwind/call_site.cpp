#include "kernel/unwind/call_site.hpp"

namespace detour
{

namespace
{

constexpr uint32_t kWord = sizeof(uint32_t);
constexpr uint32_t kDirectCall = 0xE8;
constexpr uint32_t kIndirectCall = 0xFF;
constexpr uint32_t kLongestCall = 7;

uint32_t byte_at(const MemoryReader &memory, uint32_t address)
{
    return memory.word(address).value_or(0) & 0xFF;
}

// The length of a call through a register or memory, FF /2, with this ModR/M byte and the byte after it; 0 if it is not
// such a call (Intel SDM vol. 2, tables 2-2 and 2-3).
uint32_t indirect_call_bytes(uint32_t modrm, uint32_t sib)
{
    const uint32_t mod = modrm >> 6;
    const uint32_t rm = modrm & 7;
    if ((modrm & 0x38) != 0x10)
        return 0;
    if (mod == 3)
        return 2;
    const bool has_sib = rm == 4;
    const bool has_word = mod == 2 || (mod == 0 && (has_sib ? (sib & 7) == 5 : rm == 5));
    return 2 + (has_sib ? 1 : 0) + (has_word ? 4 : mod);
}

// farthest: the largest accepted 32-bit displacement from a register to the pointer.
bool is_behind_indirect_call(const MemoryReader &memory, uint32_t address, uint64_t farthest)
{
    const uint64_t offset = uint32_t{memory.word(address - kWord).value_or(0) + uint32_t(farthest)};
    for (const uint32_t length : {2, 3, 4, 6, 7}) {
        const uint32_t modrm = byte_at(memory, address - length + 1);
        const bool is_near = modrm >> 6 != 2 || offset < 2 * farthest;
        if (byte_at(memory, address - length) == kIndirectCall && is_near &&
            indirect_call_bytes(modrm, byte_at(memory, address - length + 2)) == length)
            return true;
    }
    return false;
}

// The target of the direct call that ends at this address, if the bytes before it are one.
std::optional<uint32_t> direct_callee(const MemoryReader &memory, uint32_t address)
{
    const auto distance = memory.word(address - kWord);
    if (!distance || byte_at(memory, address - kWord - 1) != kDirectCall)
        return std::nullopt;
    return address + *distance;
}

} // namespace

// The end of a function, such as 90 89 EC 5D C3 after a call, can look like the displacement to a pointer, but a large
// one.
bool is_behind_call(const MemoryReader &memory, uint32_t address, uint32_t callee)
{
    constexpr uint32_t kFarthest = 0x10000;
    return direct_callee(memory, address) == callee || is_behind_indirect_call(memory, address, kFarthest);
}

bool is_behind_no_call(const ProcessCode &code, const MemoryReader &memory, uint32_t address)
{
    constexpr uint64_t kAnyDistance = 0x80000000;
    if (!memory.word(address - kLongestCall) || !memory.word(address - kWord))
        return false;
    const auto callee = direct_callee(memory, address);
    return !(callee && code.symbol(*callee, 0)) && !is_behind_indirect_call(memory, address, kAnyDistance);
}

} // namespace detour
