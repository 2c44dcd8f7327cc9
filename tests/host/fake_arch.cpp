#include "tests/host/fake_arch.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/base/ways_out.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/memory/page_allocator.hpp"
#include "kernel/memory/stack_memory.hpp"
#include "kernel/process/process.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/stack.hpp"

#include <xinu/saved_stack.h>

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

// The bounds of functions whose return addresses a test wants to make up, where the linker script has real code.
asm(R"(
        .section .rodata
        .globl resched_text, resched_etext, sleepms_text, sleepms_etext, app_text
        .globl tick_hooks, tick_hooks_end, end_hooks, end_hooks_end
resched_text:
        .skip 0x80
resched_etext:
        .skip 0x40
sleepms_text:
        .skip 0xc0
sleepms_etext:
        .skip 0x40
app_text:
        .skip 0x100
tick_hooks:
tick_hooks_end:
end_hooks:
end_hooks_end:
        .previous
)");

namespace detour::fake
{

Machine machine;

namespace
{

bool world_has_begun = false;
bool in_world = false; // a test of such a fixture is running

alignas(16) std::array<char, 1024> null_stack{};
alignas(16) std::array<char, 1024> exit_stack{};

arch::Stack whole(std::array<char, 1024> &stack)
{
    return {stack.data() + stack.size() - sizeof(uint32_t), static_cast<uint32_t>(stack.size())};
}

// An assertion can fail in a test that has no World; its report looks at the current process's stack.
[[maybe_unused]] const bool prepared = [] {
    proctab[kNullProcess].prstkbase = whole(null_stack).highest_word;
    proctab[kNullProcess].prstklen = whole(null_stack).bytes;
    return true;
}();

char last_stack = 0; // prepare_last_stack() needs an address

ProcessId owner_of(char *const *stack_pointer)
{
    for (ProcessId pid = 0; pid < NPROC; ++pid)
        if (&proctab[pid].prstkptr == stack_pointer)
            return pid;
    ADD_FAILURE() << "ctxsw: not a stack pointer of the process table";
    return 0;
}

uint32_t low_half(const void *pointer)
{
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(pointer));
}

bool lies_in(uintptr_t begin, uint32_t bytes, uintptr_t low, uintptr_t high)
{
    return begin >= low && begin < high && bytes <= high - begin;
}

bool is_kernel_stack(uintptr_t begin, uint32_t bytes)
{
    for (const std::array<char, 1024> *stack : {&null_stack, &exit_stack})
        if (const auto low = reinterpret_cast<uintptr_t>(stack->data());
            lies_in(begin, bytes, low, low + stack->size()))
            return true;
    return false;
}

bool is_mapped_stack(uintptr_t begin, uint32_t bytes)
{
    if (!lies_in(begin, bytes, kStackArea, kStackArea + kStackAreaBytes))
        return false;
    for (uintptr_t page = begin / kPageBytes * kPageBytes; page < begin + bytes; page += kPageBytes)
        if (!machine.mapped.contains(static_cast<uint32_t>(page)))
            return false;
    return true;
}

bool is_memory(uintptr_t begin, uint32_t bytes)
{
    if (is_kernel_stack(begin, bytes) || is_mapped_stack(begin, bytes))
        return true;
    if (!lies_in(begin, bytes, kMemoryBase, kHoleBase) &&
        !lies_in(begin, bytes, kHoleBase + kHoleBytes, kMemoryBase + kMemoryBytes))
        return false;
    const auto guard = machine.unmapped.lower_bound(static_cast<uint32_t>(begin) / kPageBytes * kPageBytes);
    return guard == machine.unmapped.end() || *guard >= begin + bytes;
}

// Where the null process has its saved words, so that it can be switched to.
char *null_stack_saved()
{
    return null_stack.data();
}

void expect_page(uint32_t address)
{
    EXPECT_EQ(address % kPageBytes, 0U);
    EXPECT_GE(address, kMemoryBase);
    EXPECT_LT(address, kMemoryBase + kMemoryBytes);
}

// Whether the current test passes when it runs alone, in a new process.
bool passes_alone()
{
    const testing::TestInfo &test = *testing::UnitTest::GetInstance()->current_test_info();
    std::string filter = std::string("--gtest_filter=") + test.test_suite_name() + "." + test.name();
    std::string name = "host_tests";
    std::string brief = "--gtest_brief=1";
    const std::array<char *, 4> arguments{name.data(), filter.data(), brief.data(), nullptr};
    std::fflush(nullptr);
    pid_t child = 0;
    int status = 0;
    return posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, arguments.data(), environ) == 0 &&
           waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void map_memory()
{
    void *const wanted = reinterpret_cast<void *>(uintptr_t{kMemoryBase});
    void *const memory =
        mmap(wanted, kMemoryBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    ASSERT_EQ(memory, wanted);
    ASSERT_EQ(mprotect(reinterpret_cast<void *>(uintptr_t{kHoleBase}), kHoleBytes, PROT_NONE), 0);
    void *const area = reinterpret_cast<void *>(uintptr_t{kStackArea});
    ASSERT_EQ(mmap(area, kStackAreaBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE,
                   -1, 0),
              area);
}

// The pages of the area are not those of the memory here: nothing looks at them in both places.
void protect(uint32_t address, uint32_t pages, int protection)
{
    EXPECT_EQ(address % kPageBytes, 0U);
    EXPECT_TRUE(lies_in(address, pages * kPageBytes, kStackArea, kStackArea + kStackAreaBytes));
    ASSERT_EQ(mprotect(reinterpret_cast<void *>(uintptr_t{address}), pages * kPageBytes, protection), 0);
}

} // namespace

void World::SetUp()
{
    if (world_has_begun) {
        if (!passes_alone())
            FAIL() << "failed in a process of its own";
        GTEST_SKIP() << "passed in a process of its own";
    }
    world_has_begun = in_world = true;
    map_memory();
    const auto ranges = arch::start(0, 0);
    initialize_memory(ranges);
    const arch::Stack stack = arch::null_stack();
    *reinterpret_cast<uint32_t *>(stack.highest_word) = STACKMAGIC;
    initialize_process_table();
    give_stack(kNullProcess, stack.highest_word, stack.bytes);
    arch::enable_interrupts();
}

// Whatever a test does to the page tables, the kernel must not break its own.
void World::TearDown()
{
    in_world = false;
    if (!IsSkipped() && !HasFatalFailure()) {
        EXPECT_TRUE(page_allocator.check());
        EXPECT_TRUE(stack_places.check());
    }
}

ProcessId World::create(pri16 priority, uint32_t stack_bytes)
{
    const InterruptGuard guard;
    const auto entry = reinterpret_cast<void *>(uintptr_t{low_half(app_text)});
    const ProcessId pid = begin_process({stack_bytes, priority, "test", {}, entry, [] {}});
    EXPECT_NE(pid, kNoProcess);
    return pid;
}

ProcessId World::create_ready(pri16 priority)
{
    const ProcessId pid = create(priority);
    const InterruptGuard guard;
    make_ready(pid);
    return pid;
}

ProcessId World::create_current(pri16 priority)
{
    const ProcessId pid = create_ready(priority);
    resched();
    EXPECT_EQ(currpid, pid);
    return pid;
}

void World::block(uint16 state)
{
    const InterruptGuard guard;
    block_current(state);
    resched();
}

void World::end_current()
{
    const InterruptGuard guard;
    void (*next)() = nullptr;
    try {
        end_current_process();
    } catch (const AbandonedStack &abandoned) {
        next = abandoned.next;
    }
    EXPECT_THROW(next(), LeftForEver);
}

ProcessId World::current()
{
    return current_id();
}

} // namespace detour::fake

using namespace detour;
using fake::machine;

void ctxsw(char **old, char **new_)
{
    EXPECT_TRUE(arch::interrupts_masked());
    const bool ends = *new_ == &fake::last_stack; // then new_ is in no entry of the process table
    machine.switches.push_back({fake::owner_of(old), ends ? current_id() : fake::owner_of(new_)});
    if (*old == nullptr) // the null process, which got no stack from prepare_first_stack()
        *old = fake::null_stack_saved();
    if (machine.on_switch)
        machine.on_switch();
    if (process_entry(machine.switches.back().from).prstate == PR_FREE)
        throw fake::LeftForEver{};
}

void abandon_stack(void (*next)())
{
    EXPECT_TRUE(arch::interrupts_masked());
    throw fake::AbandonedStack{next};
}

const uint32_t ctxsw_resumption = 0x00103000;

extern "C" void userret()
{
    ADD_FAILURE() << "userret is only an address here";
}

void cbfreturn()
{
    ADD_FAILURE() << "cbfreturn is only an address here";
}

namespace detour::arch
{

std::span<const MemoryRange> start(uint32_t, uint32_t)
{
    using namespace fake;
    static constexpr std::array<MemoryRange, 2> kRanges{
        MemoryRange{kMemoryBase, kHoleBase - kMemoryBase},
        MemoryRange{kHoleBase + kHoleBytes, kMemoryBase + kMemoryBytes - kHoleBase - kHoleBytes}};
    return kRanges;
}

Stack null_stack()
{
    return fake::whole(fake::null_stack);
}
Stack exit_stack()
{
    return fake::whole(fake::exit_stack);
}

// Only what the kernel itself looks at; the layout is arch/x86's and tested in QEMU.
char *prepare_first_stack(char *highest_word, void *entry, void (*return_to)(), const uint32_t *arguments,
                          uint32_t nargs)
{
    auto *word = reinterpret_cast<uint32_t *>(highest_word);
    *word = STACKMAGIC;
    for (uint32_t n = nargs; n > 0; --n)
        *--word = arguments[n - 1];
    *--word = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(return_to));
    word -= SAVED_WORDS;
    word[SAVED_RETURN] = fake::low_half(entry);
    word[SAVED_LINK] = fake::low_half(highest_word);
    word[SAVED_EBP] = fake::low_half(&word[SAVED_LINK]);
    return reinterpret_cast<char *>(word);
}

char *prepare_last_stack(void (*next)())
{
    machine.last_stack = next;
    return &fake::last_stack;
}

bool is_memory(const void *begin, uint32_t bytes)
{
    return fake::is_memory(reinterpret_cast<uintptr_t>(begin), bytes);
}

void unmap_page(uint32_t address)
{
    fake::expect_page(address);
    EXPECT_TRUE(machine.unmapped.insert(address).second) << "unmapped twice";
}

StackArea stack_area()
{
    return {fake::kStackArea, fake::kStackAreaBytes};
}

void map_pages(uint32_t address, uint32_t physical, uint32_t pages)
{
    fake::protect(address, pages, PROT_READ | PROT_WRITE);
    for (uint32_t page = 0; page < pages; ++page) {
        fake::expect_page(physical + page * kPageBytes);
        EXPECT_TRUE(machine.mapped.insert(address + page * kPageBytes).second) << "mapped twice";
    }
}

void unmap_pages(uint32_t address, uint32_t pages)
{
    fake::protect(address, pages, PROT_NONE);
    for (uint32_t page = 0; page < pages; ++page)
        EXPECT_EQ(machine.mapped.erase(address + page * kPageBytes), 1U) << "was not mapped";
}

constinit const FloatRegisters initial_float_registers{{0x37F}};

void save_float(FloatRegisters &to)
{
    EXPECT_FALSE(machine.floating_point.forbidden);
    ++machine.floating_point.exchanges;
    to = std::exchange(machine.floating_point.registers, {});
}

void load_float(const FloatRegisters &from)
{
    EXPECT_FALSE(machine.floating_point.forbidden);
    ++machine.floating_point.exchanges;
    machine.floating_point.registers = from;
}

void forbid_float()
{
    machine.floating_point.forbidden = true;
}

void permit_float()
{
    machine.floating_point.forbidden = false;
}

void power_off(Ending ending)
{
    if (fake::in_world)
        throw fake::PowerOff{ending};
    std::fputs(machine.console.c_str(), stderr); // an assertion in a test of a part alone
    std::abort();
}

} // namespace detour::arch
