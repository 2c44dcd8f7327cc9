// sleepms_slot_fuzz.cpp - find_sleepms_slot() on arbitrary stacks: reads nothing outside them (AddressSanitizer), and
// accepts exactly what R14 says, computed here a second time
#include "tests/host/fake_types.hpp"

#include "kernel/detour/sleepms_slot.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace
{

using detour::CodeRange;

constexpr CodeRange kResched{0x00100b40, 0x00100e1c};
constexpr CodeRange kSleepms{0x00100e1c, 0x00100ea7};

constexpr uint32_t kMargin = 8; // bytes next to a range that are tried too

// An input is the stack's lowest address with two flags in its last bits, the saved stack pointer, and the stack's
// words: as they are, or, so that the fuzzer need not guess addresses, as codes of 16 bits.
struct Header {
    uint32_t low;
    uint32_t stack_pointer;

    bool coded_words() const { return (low & 1) != 0; }
    bool coded_stack_pointer() const { return (low & 2) != 0; }
    uint32_t lowest_address() const { return low & ~3U; }
};

uint32_t near_range(uint32_t begin, uint32_t bytes, uint32_t choice)
{
    return begin - kMargin + choice % (bytes + 2 * kMargin);
}

// The first two bits say what kind of word it is.
uint32_t decode(uint16_t code, uint32_t low, uint32_t stack_bytes)
{
    const uint32_t choice = code & 0x3FFF;
    switch (code >> 14) {
    case 0:
        return near_range(low, stack_bytes, choice);
    case 1:
        return near_range(low, stack_bytes, choice * 4);
    case 2:
        return near_range(kResched.begin, kSleepms.end - kResched.begin, choice);
    default:
        return near_range(kSleepms.begin, kSleepms.end - kSleepms.begin, choice);
    }
}

// R14 in 64 bits, where nothing wraps: three frames, each whole, on the stack and above the last; the first two with
// return addresses into resched and sleepms.
uint64_t expected_slot(const uint32_t *words, size_t count, uint64_t low, uint64_t stack_pointer)
{
    const uint64_t base = low + 4 * count;
    if (stack_pointer < low || stack_pointer >= base)
        return 0;
    uint64_t frame = stack_pointer + 9 * 4;
    uint64_t end_of_last = frame;
    for (const CodeRange *range : std::array<const CodeRange *, 3>{&kResched, &kSleepms, nullptr}) {
        if (frame % 4 != 0 || frame < end_of_last || frame + 8 > base)
            return 0;
        const uint32_t *const pair = words + (frame - low) / 4;
        if (range == nullptr)
            return frame + 4;
        if (pair[1] < range->begin || pair[1] >= range->end)
            return 0;
        end_of_last = frame + 8;
        frame = pair[0];
    }
    return 0;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Header header;
    if (size < sizeof header)
        return 0;
    std::memcpy(&header, data, sizeof header);
    data += sizeof header;
    const size_t count = (size - sizeof header) / (header.coded_words() ? sizeof(uint16_t) : sizeof(uint32_t));
    const uint32_t low = header.lowest_address();
    if (count * sizeof(uint32_t) > UINT32_MAX - low)
        return 0; // a stack ends below the end of the address space
    const auto bytes = static_cast<uint32_t>(count * sizeof(uint32_t));

    const std::unique_ptr<uint32_t[]> words(new uint32_t[count]); // of its exact size
    for (size_t i = 0; i < count; ++i) {
        uint16_t code;
        if (!header.coded_words()) {
            std::memcpy(&words[i], data + i * sizeof words[i], sizeof words[i]);
        } else {
            std::memcpy(&code, data + i * sizeof code, sizeof code);
            words[i] = decode(code, low, bytes);
        }
    }
    const uint32_t stack_pointer =
        header.coded_stack_pointer() ? near_range(low, bytes, header.stack_pointer) : header.stack_pointer;
    const uint32_t found = detour::find_sleepms_slot({low, {words.get(), count}}, stack_pointer, kResched, kSleepms);
    if (found != expected_slot(words.get(), count, low, stack_pointer))
        std::abort();
    return 0;
}
