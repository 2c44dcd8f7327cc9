#include "kernel/process/account.hpp"

#include "kernel/memory/memory.hpp"
#include "kernel/sched/process_table.hpp"

namespace detour
{

constinit std::array<Charge, NPROC> charges{};

namespace
{

struct Account {
    Share used{0, 0};
    Share limit{0, 0};
    ProcessId maker = 0;        // the account to which the limits are charged, 0: none
    bool without_first = false; // the family's first process has ended, and its memory is released
};

constinit std::array<Account, NPROC> accounts{}; // by the id of the family's first process

// Subtracts rather than adds, so that nothing can overflow: used never exceeds limit.
bool add(ProcessId account, const Share &more)
{
    Account &of = accounts[account];
    if (more.pages > of.limit.pages - of.used.pages || more.processes > of.limit.processes - of.used.processes)
        return false;
    of.used.pages += more.pages;
    of.used.processes += more.processes;
    return true;
}

void subtract(ProcessId account, const Share &less)
{
    Share &used = accounts[account].used;
    KASSERT(less.pages <= used.pages && less.processes <= used.processes);
    used.pages -= less.pages;
    used.processes -= less.processes;
}

// Whether the first process has ended and only its table entry is still charged: the account can be closed.
bool is_left(ProcessId account)
{
    return accounts[account].without_first && accounts[account].used.processes == 1;
}

} // namespace

Share default_share()
{
    return {page_allocator.all_pages() / 2, NPROC / 2};
}

bool open_charge(ProcessId pid, const Charging &charging)
{
    ProcessId account = charging.account;
    if (charging.share != nullptr) {
        if (charging.share->processes == 0 || (account != 0 && !add(account, *charging.share)))
            return false;
        accounts[pid] = {{0, 0}, *charging.share, account, false};
        account = pid;
    }
    if (account == 0)
        return true;
    if (!add(account, {0, 1}))
        return false;
    charges[pid] = {account, 0};
    return true;
}

bool may_charge_pages(ProcessId pid, uint32_t pages)
{
    const Account &account = accounts[charges[pid].account];
    return charges[pid].account == 0 || pages <= account.limit.pages - account.used.pages;
}

bool charge_pages(ProcessId pid, uint32_t pages)
{
    if (charges[pid].account == 0)
        return true;
    if (!add(charges[pid].account, {pages, 0}))
        return false;
    charges[pid].pages += pages;
    return true;
}

void return_pages(ProcessId pid, uint32_t pages)
{
    if (charges[pid].account == 0)
        return;
    KASSERT(pages <= charges[pid].pages);
    charges[pid].pages -= pages;
    subtract(charges[pid].account, {pages, 0});
}

bool close_pages(ProcessId pid)
{
    return_pages(pid, charges[pid].pages);
    if (charges[pid].account != pid)
        return true;
    accounts[pid].without_first = true;
    return is_left(pid);
}

ProcessId close_entry(ProcessId pid)
{
    ProcessId account = charges[pid].account;
    charges[pid] = {};
    if (account == pid && account != 0) {
        const Account closed = accounts[pid];
        accounts[pid] = {};
        account = closed.maker;
        if (account != 0)
            subtract(account, closed.limit);
    } else if (account != 0) {
        subtract(account, {0, 1});
    }
    return account != 0 && is_left(account) ? account : kNoProcess;
}

const char *broken_account_invariant()
{
    Share charged{0, 0};
    Share used{0, 0};
    for (ProcessId pid = 1; pid < NPROC; ++pid) {
        const Charge &charge = charges[pid];
        const Account &account = accounts[pid];
        if (charge.account != 0 && page_allocator.pages_of(pid) > charge.pages)
            return "a ring-3 process has pages that it is not charged";
        if (charge.account != 0 && process_entry(pid).prstate != PR_FREE &&
            page_allocator.pages_of(pid) != charge.pages)
            return "a ring-3 process is charged pages that it does not have";
        if (account.used.pages > account.limit.pages || account.used.processes > account.limit.processes)
            return "more is charged to an account than it allows";
        used.pages += account.used.pages;
        used.processes += account.used.processes;
        charged.pages += charge.pages + (account.maker != 0 ? account.limit.pages : 0);
        charged.processes += (charge.account != 0 ? 1 : 0) + (account.maker != 0 ? account.limit.processes : 0);
    }
    return used.pages == charged.pages && used.processes == charged.processes
               ? nullptr
               : "the accounts do not hold what their processes are charged";
}

} // namespace detour
