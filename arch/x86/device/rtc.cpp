// rtc.cpp - the real-time clock: Motorola MC146818, as every PC has it at ports 0x70 and 0x71
#include "arch/x86/cpu/cpu.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/interrupt_guard.hpp"

namespace detour::arch
{

namespace
{

// Bit 7 of the index port masks the NMI; it stays 0.
constexpr Port kIndex{0x70};
constexpr Port kData{0x71};

enum Register : uint8_t {
    kSecond = 0,
    kMinute = 2,
    kHour = 4,
    kDay = 7,
    kMonth = 8,
    kYear = 9,
    kStatusA = 10,
    kStatusB = 11
};

constexpr uint8_t kUpdateInProgress = 0x80; // in status A; for at most 2.2 msec
constexpr uint8_t kBinary = 0x04;           // in status B: not BCD
constexpr uint8_t k24Hours = 0x02;          // in status B
constexpr uint8_t kAfternoon = 0x80;        // in the hour of a 12-hour clock
constexpr uint32_t kMostAttempts = 100000;  // far more than one update takes

uint8_t read_register(Register number)
{
    const InterruptGuard guard; // between the two ports
    kIndex.write(number);
    return kData.read();
}

unsigned as_number(uint8_t value, uint8_t status)
{
    return (status & kBinary) != 0 ? value : (value >> 4) * 10U + value % 16U;
}

unsigned as_hour(uint8_t value, uint8_t status)
{
    if ((status & k24Hours) != 0)
        return as_number(value, status);
    return as_number(value & ~kAfternoon, status) % 12 + ((value & kAfternoon) != 0 ? 12 : 0);
}

DateAndTime read_registers()
{
    const uint8_t status = read_register(kStatusB);
    const auto read = [status](Register number) { return as_number(read_register(number), status); };
    return {static_cast<int>(2000 + read(kYear)),  read(kMonth),  read(kDay),
            as_hour(read_register(kHour), status), read(kMinute), read(kSecond)};
}

bool is_date(const DateAndTime &found)
{
    return found.month - 1 < 12 && found.day - 1 < 31 && found.hour < 24 && found.minute < 60 && found.second < 60;
}

} // namespace

// The clock may step between two registers; what is read twice the same is one moment.
bool read_date(DateAndTime &now)
{
    for (uint32_t attempt = 0; attempt < kMostAttempts; ++attempt) {
        if ((read_register(kStatusA) & kUpdateInProgress) != 0)
            continue;
        now = read_registers();
        if (read_registers() == now)
            return is_date(now); // without a clock, the ports read as ones
    }
    return false;
}

} // namespace detour::arch
