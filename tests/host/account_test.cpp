// account_test.cpp - what families of ring-3 processes are charged, and how the end of a process returns it
#include "tests/host/fake_arch.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/process/account.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/report/invariants.hpp"
#include "kernel/sched/process_table.hpp"

#include <vector>

namespace detour
{
namespace
{

constexpr uint32_t kStackPages = 2;

class AccountTest : public fake::World
{
protected:
    static ProcessId begin(const Charging &charging)
    {
        return begin_process({2 * kPageBytes, 20, "charged", charging});
    }
    static ProcessId begin_family(const Share &share, ProcessId account = kNoProcess)
    {
        return begin({account, &share});
    }
    static void end(ProcessId pid)
    {
        const InterruptGuard guard;
        end_process(pid);
    }
    // As many runs as pages; the order in which they are freed does not matter.
    static void take(ProcessId pid, uint32_t pages)
    {
        for (uint32_t i = 0; i < pages; ++i) {
            ASSERT_TRUE(charge_pages(pid, 1));
            ASSERT_NE(page_allocator.allocate(1, FrameKind::kUserPage, pid), 0U);
        }
    }
    static void expect_agreement() { EXPECT_EQ(broken_account_invariant(), nullptr); }
    static int entries_left()
    {
        std::vector<ProcessId> taken;
        while (const ProcessId pid = allocate_process())
            taken.push_back(pid);
        for (const ProcessId pid : taken)
            free_process(pid);
        return static_cast<int>(taken.size());
    }
};

TEST_F(AccountTest, HalfOfMemoryAndOfTheTable)
{
    const Share share = default_share();
    EXPECT_EQ(share.processes, NPROC / 2U);
    EXPECT_EQ(share.pages, page_allocator.all_pages() / 2);
    EXPECT_GE(page_allocator.all_pages(), page_allocator.free_pages());
}

TEST_F(AccountTest, Ring0IsNotCharged)
{
    create();
    const ProcessId pid = create();
    EXPECT_EQ(account_of(pid), kNoProcess);
    EXPECT_TRUE(charge_pages(pid, UINT32_MAX));
    EXPECT_TRUE(may_charge_pages(pid, UINT32_MAX));
    return_pages(pid, 1);
    expect_agreement();
    end(pid);
}

TEST_F(AccountTest, AllowsWhatItsLimitsSay)
{
    create();
    EXPECT_EQ(begin_family({kStackPages - 1, 1}), kNoProcess);
    EXPECT_EQ(begin_family({kStackPages, 0}), kNoProcess);
    const ProcessId first = begin_family({2 * kStackPages + 5, 2});
    ASSERT_NE(first, kNoProcess);
    EXPECT_EQ(account_of(first), first);
    take(first, 6);
    EXPECT_EQ(begin({first}), kNoProcess); // a page too many
    page_allocator.release(page_allocator.first_run(first, 0), FrameKind::kUserPage);
    return_pages(first, 1);
    const ProcessId second = begin({first});
    ASSERT_NE(second, kNoProcess);
    EXPECT_EQ(account_of(second), first);
    EXPECT_FALSE(may_charge_pages(second, 1));
    EXPECT_FALSE(charge_pages(second, 1));
    EXPECT_FALSE(charge_pages(second, UINT32_MAX));
    EXPECT_EQ(begin({first}), kNoProcess); // an entry too many
    expect_agreement();
    end(second);
    EXPECT_NE(begin({first}), kNoProcess);
    expect_agreement();
}

TEST_F(AccountTest, AnAccountOutOfAnother)
{
    create();
    const ProcessId outer = begin_family({100, 10});
    EXPECT_EQ(begin_family({99, 1}, outer), kNoProcess);
    EXPECT_EQ(begin_family({50, 10}, outer), kNoProcess);
    const ProcessId inner = begin_family({50, 9}, outer);
    ASSERT_NE(inner, kNoProcess);
    expect_agreement();
    EXPECT_EQ(begin({outer}), kNoProcess);
    EXPECT_FALSE(charge_pages(outer, 100 - kStackPages - 50 + 1));
    EXPECT_FALSE(charge_pages(inner, 50 - kStackPages + 1));
    end(inner);
    EXPECT_TRUE(may_charge_pages(outer, 100 - kStackPages));
    EXPECT_NE(begin({outer}), kNoProcess);
    expect_agreement();
}

// One process of each account is left, its creators have ended: their entries are kept, and freed one by one.
TEST_F(AccountTest, AccountsOutliveTheirFirstProcesses)
{
    create();
    const int entries = entries_left();
    std::vector<ProcessId> family{begin_family({1000, 20})};
    while (family.size() < 10)
        family.push_back(
            begin_family({static_cast<uint32_t>(900 - 10 * family.size()), static_cast<uint32_t>(20 - family.size())},
                         family.back()));
    const ProcessId last = begin({family.back()});
    ASSERT_NE(last, kNoProcess);
    for (const ProcessId pid : family) {
        end(pid);
        EXPECT_EQ(process_entry(pid).prstate, PR_FREE);
        expect_agreement();
    }
    const InterruptGuard guard;
    EXPECT_FALSE(release_some_remains());
    EXPECT_EQ(entries_left(), entries - 11);
    end_process(last);
    for (int back = 0; back < 10; ++back) {
        EXPECT_EQ(entries_left(), entries - 10 + back);
        EXPECT_TRUE(release_some_remains());
        expect_agreement();
    }
    EXPECT_FALSE(release_some_remains());
    EXPECT_EQ(entries_left(), entries);
}

// While its memory is freed in pieces, no call finds a process, and its entry is not reused.
TEST_F(AccountTest, TheEndOfALargeProcess)
{
    create();
    const uint32_t free_before = page_allocator.free_pages();
    const int entries = entries_left();
    const ProcessId pid = begin_family({2000, 2});
    take(pid, 1000);
    end(pid);
    EXPECT_EQ(find_process(pid), nullptr);
    EXPECT_EQ(broken_process_invariant(), nullptr);
    expect_agreement();
    const InterruptGuard guard;
    uint32_t free_pages = page_allocator.free_pages();
    EXPECT_LT(free_pages, free_before - 800);
    while (page_allocator.pages_of(pid) != 0) {
        EXPECT_EQ(entries_left(), entries - 1);
        EXPECT_TRUE(release_some_remains());
        EXPECT_LT(page_allocator.free_pages() - free_pages, 100U); // a piece
        free_pages = page_allocator.free_pages();
        expect_agreement();
    }
    EXPECT_FALSE(release_some_remains());
    EXPECT_EQ(free_pages, free_before);
    EXPECT_EQ(entries_left(), entries);
}

// A process that needs what ended processes still hold gets it.
TEST_F(AccountTest, WhatWaitsIsThereForOthers)
{
    create();
    const Share all{page_allocator.free_pages(), 1};
    for (int i = 0; i < 3; ++i) {
        const ProcessId pid = begin_family(all);
        ASSERT_NE(pid, kNoProcess);
        const InterruptGuard guard;
        while (page_allocator.free_pages() > 1)
            take(pid, 1);
        end_process(pid);
        EXPECT_LT(page_allocator.free_pages(), 100U);
        const uint32_t wanted = page_allocator.all_pages() / 2;
        const uint32_t run = attempt_with_remains(
            true, [&] { return page_allocator.allocate(wanted, FrameKind::kHeapRun, kNullProcess); });
        EXPECT_NE(run, 0U);
        page_allocator.release(run, FrameKind::kHeapRun);
    }
    expect_agreement();
}

// A process that is being created belongs to its creator, which may end.
TEST_F(AccountTest, TheMakerEnds)
{
    create();
    const uint32_t free_before = page_allocator.free_pages();
    const int entries = entries_left();
    create_current(30);
    {
        const InterruptGuard guard;
        const Share share{100, 1};
        const NewProcess wanted{4096, 20, "unfinished", {kNoProcess, &share}};
        const int used = prcount;
        const ProcessId outer = prepare_process(wanted, false);
        const ProcessId inner = prepare_process(wanted, false); // as a callback that runs in between does
        take(outer, 70);
        EXPECT_EQ(find_process(outer), nullptr);
        EXPECT_EQ(find_process(inner), nullptr);
        EXPECT_EQ(prcount, used);
        EXPECT_EQ(broken_process_invariant(), nullptr);
        expect_agreement();
    }
    end_current();
    const InterruptGuard guard;
    release_remains(false);
    EXPECT_EQ(page_allocator.free_pages(), free_before);
    EXPECT_EQ(entries_left(), entries);
    expect_agreement();
}

} // namespace
} // namespace detour
