// account.hpp - what ring-3 processes make the kernel allocate, and how much of it they may
//
// A family is a ring-3 process and its descendants. It has one account, under the id of its first process,
// and each of its processes is charged to it: its entry in the process table, and all its pages, which are
// those of ring 3, the tables that map them, and the kernel stack. Who makes a process may give it an account
// of its own. If the maker is itself charged to an account, the limits of the new one are charged there as if
// they were used; so a charge concerns one account, however deep the family is.
//
// An account lasts as long as a process is charged to it. The table entry of its first process is not used
// again before: there are never more accounts than entries, and no family can take another's.
#pragma once

#include "kernel/base/process_list.hpp"

#include <xinu/config.h>

#include <cstdint>

namespace detour
{

// Limits of an account.
struct Share {
    uint32_t pages;     // of 4096 bytes
    uint32_t processes; // entries of the process table, that of the family's first process included
};

// Half of all memory and half of the process table.
Share default_share();

// How a new process is charged. Ring-0 processes are not.
struct Charging {
    ProcessId account = 0;        // that of its maker; 0: the maker is in ring 0, where nothing is counted
    const Share *share = nullptr; // of a new account, which is taken out of that one; nullptr: none
};

// The account of a process, 0 if it is in ring 0.
ProcessId account_of(ProcessId pid);

// Charges a new process: its table entry, and the limits of its own account if it gets one. False, with
// nothing changed, if that is more than the account allows.
bool open_charge(ProcessId pid, const Charging &charging);

// Whether that many pages more can be charged to the account of a process.
bool may_charge_pages(ProcessId pid, uint32_t pages);

// Charges them. False, with nothing changed, if that is more than the account allows.
bool charge_pages(ProcessId pid, uint32_t pages);

// They have been given back.
void return_pages(ProcessId pid, uint32_t pages);

// The process has ended and given back all its memory. Returns whether its table entry may be used again; if
// not, others are charged to its account still, and the last of them says so: see close_entry().
bool close_pages(ProcessId pid);

// The table entry of the process is about to be used again. Returns the process that has ended before and
// whose account is no longer in use, so that its entry is free now, too; kNobody if there is none.
ProcessId close_entry(ProcessId pid);

// nullptr if the accounts agree with the page allocator, and with the processes; else what is wrong. Slow.
const char *broken_account_invariant();

} // namespace detour
