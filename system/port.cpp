// port.cpp - ports, for processes: two semaphores each, and a list of messages
#include "kernel/base/address.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>

#include <algorithm>
#include <limits>

using namespace detour;

constinit ptnode *ptfree = nullptr;
constinit ptentry porttab[NPORTS]{};
constinit int32 ptnextid = 0;

namespace
{

constexpr int32 kMostMessages = std::numeric_limits<uint16>::max();

// All nodes: one block of the kernel's own memory, since ports outlive the process that first uses one. Those from
// nodes_used on were never in use, and are in no list: so it takes no time to make many.
constinit ptnode *nodes = nullptr;
constinit int32 node_count = 0;
constinit int32 nodes_used = 0;

bool is_in_range(int32 messages)
{
    return messages >= 1 && messages <= kMostMessages;
}

uint32 bytes_of_nodes(int32 count)
{
    return static_cast<uint32>(count) * sizeof(ptnode);
}

// The port with this id, or nullptr.
ptentry *find_port(int32 port)
{
    return isbadport(port) || porttab[port].ptstate != PT_ALLOC ? nullptr : &porttab[port];
}

bool any_port_in_use()
{
    return std::any_of(porttab, porttab + NPORTS, [](const ptentry &port) { return port.ptstate > PT_FREE; });
}

// A node for a message; nullptr if all are in use.
ptnode *take_node()
{
    ptnode *const node = ptfree;
    if (node != nullptr)
        ptfree = node->ptnext;
    else if (nodes_used < node_count)
        return &nodes[nodes_used++];
    return node;
}

void append(ptentry &port, ptnode *node)
{
    node->ptnext = nullptr;
    (port.pthead == nullptr ? port.pthead : port.pttail->ptnext) = node;
    port.pttail = node;
}

void free_node(ptnode *node)
{
    node->ptnext = ptfree;
    ptfree = node;
}

// Waits for a semaphore of the port. Returns whether the port is still the same.
bool wait_at(ptentry &port, sid32 sem)
{
    const int32 sequence = port.ptseq;
    return wait(sem) == OK && port.ptstate == PT_ALLOC && port.ptseq == sequence;
}

// The id of a free entry, which is taken; SYSERR if there is none.
int32 take_entry()
{
    for (int32 tried = 0; tried < NPORTS; ++tried) {
        const int32 port = ptnextid;
        ptnextid = (ptnextid + 1) % NPORTS;
        if (porttab[port].ptstate == PT_FREE) {
            porttab[port].ptstate = PT_LIMBO;
            return port;
        }
    }
    return SYSERR;
}

bool create_semaphores(ptentry &port, int32 count)
{
    port.ptssem = semcreate(count);
    port.ptrsem = port.ptssem == SYSERR ? SYSERR : semcreate(0);
    if (port.ptrsem != SYSERR)
        return true;
    semdelete(port.ptssem); // which may not exist
    return false;
}

// Takes the oldest message out of a port that has one.
uint32 take_message(ptentry &port)
{
    ptnode *const node = port.pthead;
    port.pthead = node->ptnext;
    const uint32 message = node->ptmsg;
    free_node(node);
    return message;
}

// The port is in limbo from now on: nobody sends or receives. Returns nullptr if there is no such port.
ptentry *begin_limbo(int32 id)
{
    const SystemCallGuard guard;
    ptentry *const port = find_port(id);
    if (port != nullptr) {
        port->ptstate = PT_LIMBO;
        ++port->ptseq;
    }
    return port;
}

uint32 take_message_masked(ptentry &port)
{
    const SystemCallGuard guard;
    return take_message(port);
}

// Puts the port into limbo and disposes of its messages. `dispose` is called as the caller of the system call is:
// interrupts are enabled, and others may run. Returns nullptr if there is no such port.
ptentry *empty_port(int32 id, int32 (*dispose)(int32))
{
    ptentry *const port = begin_limbo(id);
    while (port != nullptr && port->pthead != nullptr) {
        const uint32 message = take_message_masked(*port);
        if (dispose != nullptr)
            dispose(static_cast<int32>(message));
    }
    return port;
}

} // namespace

// Looks for a port in use only when it has the memory: to get it, it may let others run.
syscall ptinit(int32 maxmsgs)
{
    const DeepSystemCallGuard guard;
    if (!is_in_range(maxmsgs))
        return SYSERR;
    const uint32 block = attempt_with_remains(guard.enabled_before(),
                                              [&] { return heap.getmem(bytes_of_nodes(maxmsgs), kNullProcess); });
    if (block == 0)
        return SYSERR;
    if (any_port_in_use()) {
        heap.freemem(block, bytes_of_nodes(maxmsgs));
        return SYSERR;
    }
    heap.freemem(address_of(nodes), bytes_of_nodes(node_count)); // which may not exist
    nodes = reinterpret_cast<ptnode *>(static_cast<uintptr_t>(block));
    node_count = maxmsgs;
    nodes_used = 0;
    ptfree = nullptr;
    for (ptentry &port : porttab)
        port.ptstate = PT_FREE;
    ptnextid = 0;
    return OK;
}

syscall ptcreate(int32 count)
{
    if (nodes == nullptr)
        ptinit(PT_MSGS); // fails if another process has just done it
    const DeepSystemCallGuard guard;
    const int32 id = nodes == nullptr || !is_in_range(count) ? SYSERR : take_entry();
    if (id == SYSERR)
        return SYSERR;
    ptentry &port = porttab[id];
    if (!create_semaphores(port, count)) {
        port.ptstate = PT_FREE;
        return SYSERR;
    }
    port.ptmaxcnt = static_cast<uint16>(count);
    port.pthead = port.pttail = nullptr;
    ++port.ptseq;
    port.ptstate = PT_ALLOC;
    return id;
}

syscall ptsend(int32 port, umsg32 msg)
{
    const DeepSystemCallGuard guard;
    ptentry *const entry = find_port(port);
    if (entry == nullptr || !wait_at(*entry, entry->ptssem))
        return SYSERR;
    ptnode *const node = take_node();
    if (node == nullptr) {
        signal(entry->ptssem); // the room stays free
        return SYSERR;
    }
    node->ptmsg = msg;
    append(*entry, node);
    signal(entry->ptrsem);
    return OK;
}

uint32 ptrecv(int32 port)
{
    const DeepSystemCallGuard guard;
    ptentry *const entry = find_port(port);
    if (entry == nullptr || !wait_at(*entry, entry->ptrsem))
        return static_cast<uint32>(SYSERR);
    const uint32 message = take_message(*entry);
    signal(entry->ptssem);
    return message;
}

syscall ptcount(int32 port)
{
    const SystemCallGuard guard;
    const ptentry *const entry = find_port(port);
    return entry == nullptr ? SYSERR : semcount(entry->ptrsem);
}

syscall ptreset(int32 port, int32 (*dispose)(int32))
{
    ptentry *const entry = empty_port(port, dispose);
    if (entry == nullptr)
        return SYSERR;
    semreset(entry->ptssem, entry->ptmaxcnt);
    semreset(entry->ptrsem, 0);
    entry->ptstate = PT_ALLOC; // only now: those that waited have to be out of both queues
    return OK;
}

syscall ptdelete(int32 port, int32 (*dispose)(int32))
{
    ptentry *const entry = empty_port(port, dispose);
    if (entry == nullptr)
        return SYSERR;
    semdelete(entry->ptssem);
    semdelete(entry->ptrsem);
    entry->ptstate = PT_FREE;
    return OK;
}
