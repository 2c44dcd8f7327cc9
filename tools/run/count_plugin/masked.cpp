// masked.cpp - mode=masked: the longest stretches of instructions with EFLAGS.IF clear
//
// A stretch counts from the first interrupt enabled in the kernel on, and only when interrupts are enabled again after
// it. One may be enabled and taken between two instructions, so that EFLAGS.IF is never seen set: hence
//   entries=HEX[:HEX...]    where the CPU arrives on an IRQ; a stretch ends before, and another begins
//   software=HEX[:HEX...]   but not if the instruction before is one of these, INT instructions
//
// For the clock's ticks, QEMU's log gets lines, in their order with those of `-trace pic_...`:
//   start=HEX               "clock": before the first execution of this address the timer does not run
//   tick=HEX                "tick": executed after an entry by an IRQ, this address counts a tick
//   long=N                  "stretch FIRST LAST": one of more than N instructions has ended
//
// The report has a line "stretch LENGTH TIMES FIRST LAST" before the counts of each stretch.
#include "eflags.hpp"
#include "mode.hpp"
#include "qemu.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdlib>
#include <map>
#include <utility>
#include <vector>

namespace
{

constexpr uint32_t kInterruptFlag = 1u << 9; // Intel SDM vol. 1, 3.4.3
constexpr size_t kStretches = 40;

struct Stretch {
    uint64_t length = 0, times = 0;
    std::vector<std::pair<uint32_t, uint64_t>> counts; // of the longest
};

class Masked final : public Mode
{
public:
    bool take(const std::string &name, const std::string &value) override
    {
        if (name == "entries")
            entries = addresses(value);
        else if (name == "software")
            software = addresses(value);
        else if (name == "start")
            clock_start = hexadecimal(value);
        else if (name == "tick")
            tick = hexadecimal(value);
        else if (name == "long")
            long_stretch = strtoull(value.c_str(), nullptr, 10);
        else
            return false;
        return true;
    }

    const char *unable() override
    {
        return can_read_eflags() ? nullptr
                                 : "this QEMU does not show EFLAGS to plugins; Debian 12's 7.2 and QEMU from 9.0 on do";
    }

    void execute(Instruction &instruction) override
    {
        const bool enabled = (read_eflags() & kInterruptFlag) != 0;
        const bool entered = !enabled && entries.contains(instruction.address);
        if (entered)
            in_irq = !software.contains(previous);
        if (enabled || (entered && in_irq)) {
            were_enabled = true;
            end();
        }
        if (!enabled && were_enabled)
            extend(instruction);
        follow_clock(instruction.address);
        previous = instruction.address;
    }

    void report(FILE *file) override;

private:
    using Stretches = std::map<std::pair<uint32_t, uint32_t>, Stretch>; // by first and last address

    void extend(Instruction &instruction);
    void end();
    void follow_clock(uint32_t address);

    std::set<uint32_t> entries, software;
    uint32_t clock_start = 0, tick = 0;
    uint64_t long_stretch = UINT64_MAX;

    bool were_enabled = false; // once
    bool clock_runs = false;
    bool in_irq = false; // by an IRQ, and not by an INT, the CPU came to the last entry
    uint32_t previous = 0, first = 0;
    uint64_t number = 1, length = 0;    // of the stretch
    std::vector<Instruction *> touched; // in the stretch
    Stretches stretches;
};

void Masked::extend(Instruction &instruction)
{
    if (length++ == 0)
        first = instruction.address;
    if (instruction.stretch != number) {
        instruction.stretch = number;
        instruction.count = 0;
        touched.push_back(&instruction);
    }
    instruction.count++;
}

void Masked::end()
{
    if (length == 0)
        return;
    Stretch &stretch = stretches[{first, previous}];
    stretch.times++;
    if (length > stretch.length) {
        stretch.length = length;
        stretch.counts.clear();
        for (const Instruction *instruction : touched)
            stretch.counts.emplace_back(instruction->address, instruction->count);
    }
    if (length > long_stretch) {
        char line[64];
        snprintf(line, sizeof line, "stretch %x %x\n", first, previous);
        qemu_plugin_outs(line);
    }
    length = 0;
    touched.clear();
    number++;
}

void Masked::follow_clock(uint32_t address)
{
    if (address == tick) {
        if (in_irq)
            qemu_plugin_outs("tick\n");
    } else if (address == clock_start && !clock_runs) {
        clock_runs = true;
        qemu_plugin_outs("clock\n");
    }
}

void Masked::report(FILE *file)
{
    std::vector<Stretches::value_type *> longest;
    for (auto &entry : stretches)
        longest.push_back(&entry);
    std::sort(longest.begin(), longest.end(),
              [](const auto *left, const auto *right) { return left->second.length > right->second.length; });
    longest.resize(std::min(longest.size(), kStretches));
    for (const auto *entry : longest) {
        const Stretch &stretch = entry->second;
        fprintf(file, "stretch %" PRIu64 " %" PRIu64 " %x %x\n", stretch.length, stretch.times, entry->first.first,
                entry->first.second);
        for (const auto &[address, count] : stretch.counts)
            fprintf(file, "%x %" PRIu64 "\n", address, count);
    }
}

} // namespace

Mode &mode_masked()
{
    static Masked &masked = *new Masked;
    return masked;
}
