// account.hpp - limits on what the kernel allocates for ring-3 processes
//
// A family is a ring-3 process and its descendants. It has one account, under the id of its first process, and each of
// its processes is charged to it: its entry in the process table, and all its pages, namely those of ring 3, the tables
// that map them, and the kernel stack. The creator of a process may give it an account of its own. If the creator is
// itself charged to an account, the limits of the new one are charged there as if they were used; so a charge affects a
// single account, however deep the family is.
//
// An account lasts as long as a process is charged to it. Until then the table entry of its first process is not
// reused, so there are never more accounts than entries, and no two families share an account.
#pragma once

#include "kernel/base/process_list.hpp"

#include <xinu/config.h>

#include <array>
#include <cstdint>

namespace detour
{

// Limits of an account.
struct Share {
    uint32_t pages;     // of 4096 bytes
    uint32_t processes; // entries of the process table, including that of the family's first process
};

// Half of all memory and half of the process table.
Share default_share();

// How a new process is charged. Ring-0 processes are not charged.
struct Charging {
    ProcessId account = 0;        // of the creator; 0: the creator is in ring 0, where nothing is counted
    const Share *share = nullptr; // limits of a new account, charged to that one; nullptr: no new account
};

// The charge of one process.
struct Charge {
    ProcessId account = 0; // 0: none
    uint32_t pages = 0;
};
extern std::array<Charge, NPROC> charges;

// The account of a process; 0 if it runs in ring 0. Such a process may skip all that follows.
inline ProcessId account_of(ProcessId pid)
{
    return charges[pid].account;
}

// Charges a new process: its table entry, and the limits of its own account if it gets one. Returns false, with nothing
// changed, if that exceeds the account's limits.
bool open_charge(ProcessId pid, const Charging &charging);

// Whether this many more pages can be charged to the account of a process.
bool may_charge_pages(ProcessId pid, uint32_t pages);

// Charges them. Returns false, with nothing changed, if that exceeds the account's limits.
bool charge_pages(ProcessId pid, uint32_t pages);

// Uncharges pages that have been released.
void return_pages(ProcessId pid, uint32_t pages);

// Uncharges all pages of a process that has ended, once its memory is released. Returns whether its table entry may be
// reused; if not, other processes are still charged to its account, and close_entry() for the last of them returns its
// id.
bool close_pages(ProcessId pid);

// Uncharges the table entry of a process before it is reused. If that leaves the account of a process that ended
// earlier unused, returns that process, whose entry can now be freed too; otherwise kNoProcess.
ProcessId close_entry(ProcessId pid);

// Returns nullptr if the accounts agree with the page allocator and the processes, otherwise a description of the
// error. Slow.
const char *broken_account_invariant();

} // namespace detour
