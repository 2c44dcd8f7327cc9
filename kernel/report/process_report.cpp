#include "kernel/report/process_report.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/print.hpp"
#include "kernel/sched/process_table.hpp"

#include <array>

namespace detour
{

namespace
{

constexpr int kMaxLines = 20;

} // namespace

const char *state_name(uint16 state)
{
    static constexpr std::array<const char *, PR_LOCK + 1> kNames{"free",      "current",          "ready",
                                                                  "receiving", "sleeping",         "suspended",
                                                                  "waiting",   "receiving, timed", "current, deferred",
                                                                  "sending",   "awaiting a child", "locking"};
    return state < kNames.size() ? kNames[state] : "?";
}

void print_process_table()
{
    print("  pid  name             state             prio  ring  stack base  stack pointer\n");
    int lines = 0;
    for (ProcessId pid = 0; pid < NPROC; ++pid) {
        const procent &process = process_entry(pid);
        if (process.prstate == PR_FREE)
            continue;
        if (++lines > kMaxLines) {
            print("  ... (%d processes in all)\n", static_cast<int>(prcount));
            return;
        }
        print("%5d  %-15s  %-16s %5d  %4d  0x%08x  0x%08x\n", pid, process.prname, state_name(process.prstate),
              process.prprio, process.prring, address_of(process.prstkbase), address_of(process.prstkptr));
    }
}

} // namespace detour
