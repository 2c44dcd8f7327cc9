// limit.cpp - the HPET sends an NMI when the time is over
//
// Only an NMI reaches a kernel that hangs with interrupts masked, and only a timer of its own leaves the clock
// interrupt alone: its handler has no instruction for the limit. Of the PC's timers, the HPET is the one that can send
// an NMI at an exact time: it writes a message to the local APIC, as a PCI device does (MSI; "FSB interrupt" in the
// HPET's specification), and the message says what to deliver. That needs neither the I/O APIC nor PCI, so that it
// works on each machine on which runs are recorded. QEMU's watchdogs count in steps of 2 seconds (ib700) or 0.993 msec
// (i6300esb).
//
// All registers are written once, before paging is on: they lie far above what the kernel maps.
#include "arch/x86/device/limit.hpp"

#include <cstddef>

namespace detour::arch
{

namespace
{

// IA-PC HPET Specification 1.0a, 2.3. The registers have 64 bits, in two words.
struct Timer {
    uint32_t configuration, capabilities;
    uint32_t comparator[2];
    uint32_t message_data, message_address;
    uint32_t reserved[2];
};
static_assert(sizeof(Timer) == 0x20);

struct Hpet {
    uint32_t capabilities, femtoseconds; // of one count
    uint32_t reserved[2];
    uint32_t configuration;
    uint32_t reserved_to_counter[0x37];
    uint32_t counter[2];
    uint32_t reserved_to_timers[2];
    Timer timers[2];
};
static_assert(offsetof(Hpet, counter) == 0xF0 && offsetof(Hpet, timers) == 0x100);

constexpr uint32_t kHpet = 0xFED00000;
constexpr uint32_t kLongestPeriod = 0x05F5E100; // femtoseconds; more is no HPET
constexpr uint32_t kEnable = 1U << 0;           // general configuration
constexpr uint32_t kInterruptEnable = 1U << 2;  // timer configuration
constexpr uint32_t kMessageEnable = 1U << 14;
constexpr uint32_t kHasMessages = 1U << 15;
constexpr uint64_t kFemtosecondsPerMsec = 1'000'000'000'000;

// Intel SDM vol. 3, 11.11: to the local APIC 0, delivery mode NMI.
constexpr uint32_t kMessageAddress = 0xFEE00000;
constexpr uint32_t kMessageNmi = 4U << 8;

constinit bool limited = false;

void send_nmi_at(volatile Timer &timer, uint64_t count)
{
    timer.message_data = kMessageNmi;
    timer.message_address = kMessageAddress;
    timer.comparator[0] = static_cast<uint32_t>(count);
    timer.comparator[1] = static_cast<uint32_t>(count >> 32);
    timer.configuration = kInterruptEnable | kMessageEnable;
}

} // namespace

bool limit_start(uint32_t msec)
{
    auto &hpet = *reinterpret_cast<volatile Hpet *>(kHpet);
    const uint32_t period = hpet.femtoseconds;
    if (period == 0 || period > kLongestPeriod || (hpet.timers[0].configuration & kHasMessages) == 0)
        return false;
    const uint64_t counts = kFemtosecondsPerMsec / period;
    // Two, because the first may find a stack that is full: it then ends this process instead of the machine.
    send_nmi_at(hpet.timers[0], counts * msec);
    send_nmi_at(hpet.timers[1], counts * (uint64_t{msec} + 1));
    hpet.configuration = kEnable;
    limited = true;
    return true;
}

bool limit_is_set()
{
    return limited;
}

} // namespace detour::arch
