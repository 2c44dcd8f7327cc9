// children.cpp - waiting for the end of a child
//
// A process that ends is put into its parent's list. In this file's images this is so for all processes, since a parent
// may ask at any time later.
#include "system/courses/children.hpp"
#include "system/courses/lives.hpp"

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

// By parent: its children that have ended and were not waited for, in the order of their ends. The table entry of such
// a child may be in use again.
constinit PerProcess<ProcessList> ended_children{};

// By ended child: the parent in whose list it is. Of a parent that has ended too, the list is not there any more.
constinit std::array<Life, NPROC> parents{};
constinit LinkTable links{};

ProcessList &ended_children_of(pid32 parent)
{
    return ended_children.of(static_cast<ProcessId>(parent));
}

// Removes an ended child from the list that it is in.
void forget(ProcessId child)
{
    if (!is_linked(links, child))
        return;
    if (parents[child].goes_on())
        ended_children_of(parents[child].pid).remove(links, child);
    else
        links[child] = {};
}

void note_end(ProcessId child)
{
    const procent &process = process_entry(child);
    const Life parent{process.prparent, process.prparentbirth};
    forget(child); // an earlier process of this id
    if (!parent.goes_on())
        return;
    parents[child] = parent;
    ended_children_of(parent.pid).push_back(links, child);
    const auto id = static_cast<ProcessId>(parent.pid);
    Handlers *const handlers = handlers_of(id);
    if (handlers != nullptr && handlers->child != nullptr) {
        ++handlers->ended;
        set_alarm(id);
    }
    if (process_entry(id).prstate == PR_CHILD)
        make_ready(id);
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
    ProcessList &list = ended_children_of(currpid);
    if (child == kNoProcess)
        return list.pop_front(links);
    if (!is_linked(links, child) || parents[child] != life_of(currpid))
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
