#include "kernel/base/process_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

namespace detour
{
namespace
{

static_assert(sizeof(ProcessList) == 2 && sizeof(ProcessLinks) == 4);

constinit LinkTable links_in_bss;
constinit ProcessList list_in_bss;

std::deque<ProcessId> contents(const LinkTable &links, const ProcessList &list)
{
    std::deque<ProcessId> pids;
    for (ProcessId pid = list.front(); pid != kNoProcess; pid = list.next(links, pid))
        pids.push_back(pid);
    return pids;
}

TEST(ProcessList, IsEmptyWithoutAnyInitialisation)
{
    EXPECT_TRUE(list_in_bss.empty());
    EXPECT_EQ(list_in_bss.front(), kNoProcess);
    EXPECT_EQ(list_in_bss.pop_front(links_in_bss), kNoProcess);
    EXPECT_FALSE(is_linked(links_in_bss, 1));
}

TEST(ProcessList, IsFirstInFirstOut)
{
    LinkTable links;
    ProcessList list;
    for (ProcessId pid = 1; pid < NPROC; ++pid)
        list.push_back(links, pid);
    for (ProcessId pid = 1; pid < NPROC; ++pid) {
        EXPECT_TRUE(is_linked(links, pid));
        EXPECT_EQ(list.pop_front(links), pid);
        EXPECT_FALSE(is_linked(links, pid));
    }
    EXPECT_TRUE(list.empty());
}

TEST(ProcessList, RemovesAtEitherEndInTheMiddleAndTheOnlyOne)
{
    LinkTable links;
    ProcessList list;
    constexpr ProcessId kLast = NPROC - 1;
    for (const ProcessId pid : std::deque<ProcessId>{1, 2, 3, kLast})
        list.push_back(links, pid);
    list.remove(links, 2);
    EXPECT_EQ(contents(links, list), (std::deque<ProcessId>{1, 3, kLast}));
    list.remove(links, kLast);
    list.remove(links, 1);
    EXPECT_EQ(contents(links, list), std::deque<ProcessId>{3});
    list.remove(links, 3);
    EXPECT_TRUE(list.empty());
}

TEST(ProcessList, AssertsThatAProcessIsInOneListAtMost)
{
    LinkTable links;
    ProcessList list;
    ProcessList other;
    list.push_back(links, 1);
    EXPECT_DEATH(list.push_back(links, 1), "");
    EXPECT_DEATH(other.push_back(links, 1), "");
    EXPECT_DEATH(other.remove(links, 1), "");
    EXPECT_DEATH(list.remove(links, 2), "");
    EXPECT_DEATH(list.push_back(links, kNoProcess), "");
    EXPECT_DEATH(list.push_back(links, NPROC), "");
}

// Several lists share the table, as the semaphores do.
TEST(ProcessList, AgreesWithDeques)
{
    std::mt19937 random(2);
    LinkTable links;
    std::vector<ProcessList> lists(5);
    std::vector<std::deque<ProcessId>> model(5);
    std::vector<int> home(NPROC, -1);
    for (int step = 0; step < 200000; ++step) {
        const auto pid = static_cast<ProcessId>(1 + random() % (NPROC - 1));
        const auto which = static_cast<int>(random() % 5);
        const auto w = static_cast<std::size_t>(which);
        ASSERT_EQ(is_linked(links, pid), home[pid] >= 0);
        if (random() % 4 == 0) {
            const ProcessId expected = model[w].empty() ? kNoProcess : model[w].front();
            ASSERT_EQ(lists[w].pop_front(links), expected);
            if (expected != kNoProcess) {
                model[w].pop_front();
                home[expected] = -1;
            }
        } else if (home[pid] < 0) {
            lists[w].push_back(links, pid);
            model[w].push_back(pid);
            home[pid] = which;
        } else {
            auto &list = model[static_cast<std::size_t>(home[pid])];
            lists[static_cast<std::size_t>(home[pid])].remove(links, pid);
            list.erase(std::find(list.begin(), list.end(), pid));
            home[pid] = -1;
        }
        ASSERT_EQ(lists[w].front(), model[w].empty() ? kNoProcess : model[w].front());
        if (step % 16 == 0) {
            ASSERT_EQ(contents(links, lists[w]), model[w]);
        }
    }
}

} // namespace
} // namespace detour
