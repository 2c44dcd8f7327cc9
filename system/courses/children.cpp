// children.cpp - waiting for the end of a child
//
// A process that ends is put into its parent's list. In this file's images this is so for all processes, since a parent
// may ask at any time later.
#include "system/courses/children.hpp"

#include "kernel/base/hooks.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu.h>

#include <array>

using namespace detour;
using namespace detour::courses;

namespace
{

constexpr ProcessId kLookedAtOnce = 128; // entries of the process table, with interrupts masked

// The children of a process that have ended and were not waited for, in the order of their ends. The table entry of
// such a child may be in use again.
struct Family {
    uint32_t birth; // prbirth of the parent
    ProcessList ended;
};

// In whose list an ended child is. Of a parent that has ended too, the list is not there any more.
struct Place {
    ProcessId parent;
    uint32_t birth;
};

constinit std::array<Family, NPROC> families{}; // by parent
constinit std::array<Place, NPROC> places{};    // by child
constinit LinkTable links{};

bool lives(const Place &place)
{
    const procent *const process = find_process(static_cast<pid32>(place.parent));
    return process != nullptr && process->prbirth == place.birth;
}

ProcessList &ended_children_of(ProcessId parent)
{
    Family &family = families[parent];
    if (family.birth != process_entry(parent).prbirth)
        family = {process_entry(parent).prbirth, {}};
    return family.ended;
}

// Removes an ended child from the list that it is in.
void forget(ProcessId child)
{
    if (!is_linked(links, child))
        return;
    if (lives(places[child]))
        families[places[child].parent].ended.remove(links, child);
    else
        links[child] = {};
}

void note_end(ProcessId child)
{
    const procent &process = process_entry(child);
    const Place place{static_cast<ProcessId>(process.prparent), process.prparentbirth};
    forget(child); // an earlier process of this id
    if (!lives(place))
        return;
    places[child] = place;
    ended_children_of(place.parent).push_back(links, child);
    Handlers *const handlers = handlers_of(place.parent);
    if (handlers != nullptr && handlers->child != nullptr) {
        ++handlers->ended;
        set_alarm(place.parent);
    }
    if (process_entry(place.parent).prstate == PR_CHILD)
        make_ready(place.parent);
}

DETOUR_HOOK(end, note_end);

bool is_living_child(pid32 pid)
{
    const procent *const process = find_process(pid);
    return process != nullptr && process->prparent == currpid && process->prparentbirth == current_process().prbirth;
}

// If it returns true, no interrupt was taken since the child was seen.
bool has_living_child(bool enabled)
{
    for (ProcessId pid = kNullProcess + 1; pid < NPROC; ++pid) {
        if (is_living_child(static_cast<pid32>(pid)))
            return true;
        if (pid % kLookedAtOnce == 0)
            let_interrupts_in(enabled);
    }
    return false;
}

// Removes this child, or with kNoProcess the one that ended first, from the caller's list. Returns kNoProcess if it is
// not there.
ProcessId take_ended(ProcessId child)
{
    ProcessList &list = ended_children_of(current_id());
    if (child == kNoProcess)
        return list.pop_front(links);
    const Place &place = places[child];
    if (!is_linked(links, child) || place.parent != current_id() || place.birth != current_process().prbirth)
        return kNoProcess;
    list.remove(links, child);
    return child;
}

} // namespace

void detour::courses::set_child_handler(Handler handler)
{
    my_handlers().child = handler;
    my_handlers().ended = 0;
}

extern "C" {

[[gnu::weak]] pid32 childwait()
{
    const SleepGuard guard;
    for (;;) {
        ProcessId child = take_ended(kNoProcess);
        if (child == kNoProcess && !has_living_child(guard.enabled_before())) {
            child = take_ended(kNoProcess); // it ended while interrupts were taken
            return child == kNoProcess ? SYSERR : static_cast<pid32>(child);
        }
        if (child != kNoProcess)
            return static_cast<pid32>(child);
        block_current(PR_CHILD);
        resched();
    }
}

[[gnu::weak]] pid32 waitchld()
{
    return childwait();
}

[[gnu::weak]] pid32 xchildwait(uint16 nonblocking, pid32 pid)
{
    const SystemCallGuard guard;
    if (pid <= NULLPROC || pid >= NPROC)
        return SYSERR;
    while (take_ended(static_cast<ProcessId>(pid)) == kNoProcess) {
        if (nonblocking != 0 || !is_living_child(pid))
            return SYSERR;
        block_current(PR_CHILD);
        resched();
    }
    return pid;
}
}
