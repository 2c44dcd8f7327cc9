// panic_test.cpp - what a panic reports, and that it ends even when the report itself fails
#include "tests/host/fake_arch.hpp"

#include "kernel/base/assert.hpp"
#include "kernel/report/panic.hpp"
#include "kernel/report/process_report.hpp"
#include "kernel/report/stack_report.hpp"
#include "kernel/sched/process_table.hpp"

extern "C" void userret();

namespace detour
{
namespace
{

using fake::machine;
using PanicTest = fake::World;

size_t count(const std::string &text)
{
    size_t found = 0;
    for (size_t at = machine.console.find(text); at != std::string::npos; at = machine.console.find(text, at + 1))
        ++found;
    return found;
}

StackStart at(uint32_t eip, uint32_t ebp)
{
    StackStart start;
    start.registers[COLUMN_EIP] = eip;
    start.registers[COLUMN_EBP] = start.registers[COLUMN_ESP] = ebp;
    return start;
}

void panic(const char *message)
{
    kernel_panic(message, {at(0x1234, 0), nullptr, nullptr});
}

TEST_F(PanicTest, AnAssertionNamesItsPlaceAndTheProcesses)
{
    const ProcessId pid = create_current();
    EXPECT_PANIC(KASSERT(pid == kNoProcess), "panic: assertion failed: pid == kNoProcess (panic_test.cpp:");
    EXPECT_TRUE(arch::interrupts_masked());
    EXPECT_EQ(count("current process: " + std::to_string(pid) + " (test)"), 1U);
    EXPECT_EQ(count("prnull"), 1U);
    EXPECT_EQ(count("current  "), 1U);
}

TEST_F(PanicTest, EndsAsAPanic)
{
    try {
        panic("enough");
        FAIL() << "goes on";
    } catch (const fake::PowerOff &off) {
        EXPECT_EQ(off.ending, arch::Ending::kPanic);
    }
}

TEST_F(PanicTest, APanicInTheReportEndsAtOnce)
{
    const auto fail_again = [](const void *) { panic("second"); };
    EXPECT_PANIC(kernel_panic("first", {at(0, 0), fail_again, nullptr}), "panic: first");
    EXPECT_EQ(count("panic in the report of a panic: second"), 1U);
    EXPECT_EQ(count("processes:"), 0U);
    EXPECT_THROW(panic("third"), fake::PowerOff);
    EXPECT_EQ(count("third"), 0U);
}

TEST_F(PanicTest, ShowsTheCallChainOnTheCurrentStack)
{
    const ProcessId pid = create_current();
    const procent &process = process_entry(pid);
    auto *const base = reinterpret_cast<uint32_t *>(process.prstkbase);
    const auto address = [](const uint32_t *word) { return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(word)); };
    base[-10] = address(base - 4); // a frame at -10 and one at -4
    base[-9] = 0x00111111;
    base[-4] = address(base);
    base[-3] = address_of(&userret);
    print_call_chain(at(0x00333333, address(base - 10)));
    EXPECT_LT(machine.console.find("0x00333333"), machine.console.find("0x00111111"));
    std::array<char, 16> last{};
    format_to(last, "0x%08x", unsigned{address_of(&userret)});
    EXPECT_LT(machine.console.find("0x00111111"), machine.console.find(last.data()));
    EXPECT_EQ(count("breaks"), 0U);
    print_call_chain(at(0x00333333, 0x1000)); // on no stack
    EXPECT_EQ(count("breaks at EBP 0x00001000"), 1U);
}

TEST_F(PanicTest, ALongProcessTableIsCutToAScreen)
{
    for (int i = 1; i < NPROC; ++i)
        create();
    print_process_table();
    EXPECT_LE(count("\n"), 24U);
    EXPECT_EQ(count("... (" + std::to_string(NPROC) + " processes in all)"), 1U);
}

TEST_F(PanicTest, SurvivesAWrongCurrentProcess)
{
    currpid = NPROC;
    EXPECT_PANIC(panic("lost"), "panic: lost");
    EXPECT_EQ(count("current process"), 0U);
    EXPECT_EQ(count("processes:"), 1U);
}

} // namespace
} // namespace detour
