// memlist.cpp - Xinu's list of free memory: a view
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/memory/page_allocator.hpp"
#include "kernel/sched/switch_hold.hpp"

#include <xinu.h>

using namespace detour;

extern "C" {
constinit void *minheap = nullptr; // set by nulluser()
constinit void *maxheap = nullptr;
}

namespace
{

constinit memblk head{};

memblk *node_at(uint32 page)
{
    return reinterpret_cast<memblk *>(page * kPageBytes);
}

uint32 end_of(const memblk *node)
{
    return reinterpret_cast<uint32>(node) + node->mlength;
}

} // namespace

// While the switches are held, no other process can request memory or free it. Interrupts do neither.
memblk *xinu_memlist()
{
    const DeepSystemCallGuard guard;
    const SwitchHold hold;
    memblk *last = &head;
    head = {};
    page_allocator.for_each_free([&last, enabled = guard.enabled_before()](uint32 first, uint32 pages) {
        memblk *const node = node_at(first);
        head.mlength += pages * kPageBytes;
        if (last != &head && end_of(last) == reinterpret_cast<uint32>(node)) {
            last->mlength += pages * kPageBytes;
        } else {
            *node = {nullptr, pages * kPageBytes};
            last->mnext = node;
            last = node;
        }
        let_interrupts_in(enabled);
    });
    return &head;
}
