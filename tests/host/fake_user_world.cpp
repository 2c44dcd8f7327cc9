#include "tests/host/fake_user_world.hpp"

#include "kernel/sched/address_space.hpp"
#include "tests/host/elf_file.hpp"

#include "kernel/memory/memory.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/report/invariants.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/window.hpp"
#include "kernel/user/space.hpp"

#include <set>
#include <string_view>

namespace detour::fake
{

namespace
{

std::vector<std::byte> sample_file()
{
    using namespace sample;
    ElfFile elf;
    elf.header.e_entry = kEntry;
    elf.segments = {
        {PT_LOAD, kDataOffset, kData, 0, kDataFileBytes, kDataBytes, PF_R | PF_W, 0},
        {PT_LOAD, kTextOffset, kText, 0, kTextBytes, kTextBytes, PF_R | PF_X, 0},
        {PT_LOAD, kConstantOffset, kConstants, 0, kConstantBytes, kConstantBytes, PF_R, 0},
    };
    elf.header.e_phnum = 3;
    std::vector<std::byte> file = file_of(elf);
    for (auto offset = static_cast<uint32_t>(file.size()); offset < 0x1B00; ++offset)
        file.push_back(std::byte{sample::content(offset)});
    return file;
}

const std::vector<std::byte> file = sample_file();

// Every page of a process's own belongs to it alone.
void expect_own_pages(ProcessId pid, const AddressSpace &space, std::set<uint32_t> &seen)
{
    const auto is_own = [pid](uint32_t physical, FrameKind kind) {
        const Frame *frame = page_allocator.find_run(physical / kPageBytes, kind);
        return frame != nullptr && frame->owner == pid;
    };
    for (const auto &[address, page] : space.pages) {
        if (is_shared_page(page.physical))
            continue;
        EXPECT_TRUE(is_own(page.physical, FrameKind::kUserPage)) << pid << " at " << std::hex << address;
        EXPECT_TRUE(seen.insert(page.physical).second) << "a page of two addresses: " << std::hex << address;
    }
    for (const auto &[span, table] : space.tables)
        EXPECT_TRUE(is_own(table, FrameKind::kPageTable) && seen.insert(table).second);
}

// PR_CURR is exact where it can be seen: while the process runs in ring 3.
uint16 visible_state(uint16 state, ProcessId pid)
{
    return state == PR_CURR && !(pid == current_id() && is_user_process(pid)) ? PR_READY : state;
}

void expect_published(ProcessId pid)
{
    const procent &process = process_entry(pid);
    const publicentry &entry = window.table[pid];
    EXPECT_EQ(entry.prprio, process.prprio) << pid;
    EXPECT_EQ(entry.prparent, process.prparent) << pid;
    EXPECT_EQ(entry.prring, process.prring) << pid;
    EXPECT_STREQ(entry.prname, process.prname) << pid;
    const bool visible = process.prring != 0;
    EXPECT_EQ(entry.pretype, visible ? process.pretype : 0) << pid;
    EXPECT_EQ(entry.pralarmreg, visible ? process.pralarmreg : 0) << pid;
    EXPECT_EQ(entry.prmsgreg, visible ? process.prmsgreg : 0) << pid;
    EXPECT_EQ(entry.pralarmtime, visible ? process.pralarmtime : 0) << pid;
    EXPECT_EQ(entry.prcbf1, visible ? process.prcbf1 : nullptr) << pid;
    EXPECT_EQ(entry.prcbf2, visible ? process.prcbf2 : nullptr) << pid;
}

} // namespace

Program sample::program{"sample", file.data(), static_cast<uint32_t>(file.size())};

void UserWorld::SetUp()
{
    World::SetUp();
    if (IsSkipped() || HasFatalFailure())
        return;
    create_ready(1); // so that no test ends the last process
}

void UserWorld::TearDown()
{
    if (!IsSkipped() && !HasFatalFailure())
        expect_agreement();
    World::TearDown();
}

ProcessId UserWorld::start(pri16 priority, const Arguments &arguments)
{
    const InterruptGuard guard;
    const ProcessId pid = begin_user_process({&sample::program, priority, 0, &arguments});
    EXPECT_NE(pid, kNoProcess);
    return pid;
}

ProcessId UserWorld::enter(pri16 priority)
{
    const ProcessId pid = start(priority);
    run(pid);
    EXPECT_EQ(currpid, pid);
    return pid;
}

void UserWorld::run(ProcessId pid)
{
    const InterruptGuard guard;
    make_ready(pid);
    resched();
}

void UserWorld::expect_agreement()
{
    EXPECT_STREQ(broken_process_invariant(), nullptr);
    EXPECT_STREQ(broken_memory_invariant(), nullptr);
    std::set<uint32_t> seen;
    size_t spaces = 0;
    for (ProcessId pid = 0; pid < NPROC; ++pid) {
        EXPECT_EQ(visible_state(window.table[pid].prstate, pid), visible_state(process_entry(pid).prstate, pid)) << pid;
        if (process_entry(pid).prstate != PR_FREE)
            expect_published(pid);
        if (!is_user_process(pid))
            continue;
        EXPECT_EQ(process_entry(pid).prring, 3);
        expect_own_pages(pid, user_machine.spaces.at(user_registers[pid].directory), seen);
        ++spaces;
    }
    EXPECT_EQ(user_machine.spaces.size(), spaces);
    EXPECT_EQ(window.header.count, prcount);
    EXPECT_EQ(window.header.current, currpid);
    EXPECT_EQ(loaded_directory, user_registers[current()].directory);
    EXPECT_EQ(user_machine.loaded, loaded_directory != 0 ? &user_registers[current()] : nullptr);
    EXPECT_EQ(user_machine.kernel_stack, loaded_directory != 0 ? process_entry(current()).prstkbase : nullptr);
}

void UserWorld::expect_ended(const std::function<void()> &statement, const std::string &words)
{
    const ProcessId pid = current();
    const InterruptGuard guard;
    machine.console.clear();
    void (*next)() = nullptr;
    try {
        statement();
    } catch (const AbandonedStack &abandoned) {
        next = abandoned.next;
    }
    EXPECT_EQ(machine.console, words);
    ASSERT_NE(next, nullptr) << "did not end the process";
    EXPECT_THROW(next(), LeftForEver);
    release_remains(false);
    EXPECT_NE(currpid, pid);
    EXPECT_EQ(process_entry(pid).prstate, PR_FREE);
    expect_agreement();
}

void UserWorld::fill_memory(uint32_t pages_left)
{
    while (page_allocator.free_pages() > pages_left)
        ASSERT_NE(page_allocator.allocate(1, FrameKind::kUserPage, kNullProcess), 0U);
    EXPECT_EQ(page_allocator.largest_run(), pages_left);
}

void UserWorld::empty_memory()
{
    page_allocator.release_some(kNullProcess, UINT32_MAX);
}

char &UserWorld::byte_of(ProcessId pid, uint32_t address)
{
    const AddressSpace &space = user_machine.spaces.at(user_registers[pid].directory);
    return *memory_at(space.pages.at(address / kPageBytes * kPageBytes).physical + address % kPageBytes);
}

} // namespace detour::fake
