// bufpool.cpp - pools of buffers of one size, for processes
#include "kernel/base/address.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>

#include <array>

using namespace detour;

constinit bpentry buftab[NBPOOLS]{};
constinit bpid32 nbpools = 0;

namespace
{

// Where the buffers of each pool lie, each behind its word.
struct Range {
    uint32 begin, end;
};
constinit std::array<Range, NBPOOLS> places{};

// What is before each buffer: of a free one the first field of a bpentry, else the id of its pool.
constexpr uint32 kWord = sizeof(bpid32);

bool is_pool(bpid32 pool)
{
    return pool >= 0 && pool < nbpools;
}

bpentry *free_buffer(uint32 address)
{
    return reinterpret_cast<bpentry *>(static_cast<uintptr_t>(address));
}

// Links all buffers of a new pool, the lowest first.
bpentry *link_buffers(const Range &place, uint32 step)
{
    bpentry *first = nullptr;
    for (uint32 address = place.end - step; address >= place.begin; address -= step) {
        free_buffer(address)->bpnext = first;
        first = free_buffer(address);
    }
    return first;
}

// The pool of the buffer that begins at this address and is in use; SYSERR if there is none.
bpid32 pool_of(uint32 buffer)
{
    for (bpid32 pool = 0; pool < nbpools; ++pool) {
        const Range place = places[static_cast<uint32>(pool)];
        const uint32 step = buftab[pool].bpsize + kWord;
        if (buffer >= place.begin && buffer < place.end)
            return (buffer - kWord - place.begin) % step == 0 &&
                           *reinterpret_cast<bpid32 *>(static_cast<uintptr_t>(buffer - kWord)) == pool
                       ? pool
                       : SYSERR;
    }
    return SYSERR;
}

} // namespace

status bufinit()
{
    return OK;
}

// Of the kernel's own memory: a pool outlives the process that makes it.
bpid32 mkbufpool(int32 bufsiz, int32 numbufs)
{
    const DeepSystemCallGuard guard;
    if (bufsiz < BP_MINB || bufsiz > BP_MAXB || numbufs < 1 || numbufs > BP_MAXN || nbpools == NBPOOLS)
        return SYSERR;
    const uint32 size = (static_cast<uint32>(bufsiz) + 3) & ~3U;
    const uint32 bytes = (size + kWord) * static_cast<uint32>(numbufs);
    const sid32 sem = semcreate(numbufs);
    const uint32 block = sem == SYSERR ? 0 : heap.getmem(bytes, kNullProcess);
    if (block == 0) {
        semdelete(sem); // which may not exist
        return SYSERR;
    }
    const bpid32 pool = nbpools++;
    places[static_cast<uint32>(pool)] = {block, block + bytes};
    buftab[pool] = {link_buffers({block, block + bytes}, size + kWord), sem, size};
    return pool;
}

char *getbuf(bpid32 pool)
{
    const DeepSystemCallGuard guard;
    if (!is_pool(pool) || wait(buftab[pool].bpsem) == SYSERR)
        return reinterpret_cast<char *>(SYSERR);
    bpentry *const buffer = buftab[pool].bpnext;
    buftab[pool].bpnext = buffer->bpnext;
    const uint32 address = address_of(buffer);
    *reinterpret_cast<bpid32 *>(static_cast<uintptr_t>(address)) = pool;
    return reinterpret_cast<char *>(static_cast<uintptr_t>(address + kWord));
}

syscall freebuf(char *buffer)
{
    const DeepSystemCallGuard guard;
    const bpid32 pool = pool_of(address_of(buffer));
    if (pool == SYSERR)
        return SYSERR;
    bpentry *const freed = free_buffer(address_of(buffer) - kWord);
    freed->bpnext = buftab[pool].bpnext;
    buftab[pool].bpnext = freed;
    signal(buftab[pool].bpsem);
    return OK;
}
