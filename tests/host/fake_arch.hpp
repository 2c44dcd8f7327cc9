// fake_arch.hpp - the machine under the kernel in the host tests: what it was told to do, and a world to test in
#pragma once

#include "tests/host/fake_types.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "kernel/base/arch.hpp"
#include "kernel/base/process_list.hpp"

namespace detour::fake
{

// What stands for "does not return". The kernel has no cleanup to run but its guards, so an exception leaves it
// cleanly.
struct PowerOff {
    arch::Ending ending;
};
struct AbandonedStack {
    void (*next)(); // what abandon_stack() was to continue with; a test calls it to continue
};
struct LeftForEver { // the switch away from a process that has ended
};

struct Switch {
    ProcessId from;
    ProcessId to;
    friend bool operator==(const Switch &, const Switch &) = default;
};

// The floating-point unit. The exception of a closed one is for the test to make: see floating_point_test.cpp.
struct FloatUnit {
    arch::FloatRegisters registers{};
    bool forbidden = true;
    uint32_t exchanges = 0; // calls of save_float() and load_float()
};

// The IDE disk. It keeps what is written until it is told to flush; which of that survives a power cut is for a test to
// decide.
struct Disk {
    using Sector = std::array<char, 512>;
    struct Write {
        uint32_t block;
        Sector data;
    };
    struct Event { // a command that was executed
        bool flush;
        Write write; // if it was none
    };
    std::vector<Sector> sectors; // as they read; empty: there is no disk
    std::vector<Event> events;
    uint32_t commands = 0;
    uint32_t fails_from = UINT32_MAX; // commands from this one on, up to `fails_to`, end with an error
    uint32_t fails_to = UINT32_MAX;
    Sector *reading = nullptr; // the command is a read of this sector
};

struct Machine {
    Disk disk;
    FloatUnit floating_point;
    std::vector<Switch> switches; // ctxsw() only notes them and returns: the test goes on, as another process
    std::function<void()> on_switch;
    std::set<uint32_t> unmapped; // addresses of pages
    std::set<uint32_t> mapped;   // pages of the area of the stacks
    std::string console;
    std::string typed;                   // what console_read() returns, one by one
    uint32_t console_takes = 0xFFFFFFFF; // characters until the device has to rest; console_write() waits for none
    bool interrupt_when_ready = false;
    bool interrupt_when_received = true;
    void (*last_stack)() = nullptr; // the argument of the last prepare_last_stack(); ctxsw() does not run it
};
extern Machine machine;

// Memory at addresses that fit 32 bits, so that what the kernel keeps as uint32 are true pointers in 64 bits too.
constexpr uint32_t kMemoryBase = 0x10000000;
constexpr uint32_t kMemoryBytes = 0x00800000;
constexpr uint32_t kHoleBase = kMemoryBase + 0x00600000; // not RAM
constexpr uint32_t kHoleBytes = 0x00100000;
constexpr uint32_t kStackArea = 0x20000000;
constexpr uint32_t kStackAreaBytes = 0x08000000;

// The kernel just after boot: memory, and the null process running with interrupts enabled.
//
// The kernel's state is global and begins once. ctest gives each test a process of its own; when the binary is run as a
// whole, every test of such a fixture but the first runs itself in a new process and is then shown as skipped.
class World : public testing::Test
{
protected:
    void SetUp() override;
    void TearDown() override;

    // A new suspended process.
    static ProcessId create(pri16 priority = 20, uint32_t stack_bytes = kPageBytes);

    // A new process, made ready.
    static ProcessId create_ready(pri16 priority = 20);

    // A new process, which is now the current one. Its priority must be above that of all others.
    static ProcessId create_current(pri16 priority = 20);

    // Blocks the current process in this state and switches to the next.
    static void block(uint16 state);

    // Ends the current process, and continues as the next.
    static void end_current();

    static ProcessId current();
};

// Expects that the statement ends in a panic, and that the console shows this text.
#define EXPECT_PANIC(statement, text)                                                                                  \
    do {                                                                                                               \
        EXPECT_THROW(statement, detour::fake::PowerOff);                                                               \
        EXPECT_NE(detour::fake::machine.console.find(text), std::string::npos) << detour::fake::machine.console;       \
    } while (false)

} // namespace detour::fake
