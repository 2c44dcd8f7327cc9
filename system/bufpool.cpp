// bufpool.cpp - pools of buffers of one size, for processes
#include "kernel/base/address.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>

#include <array>

using namespace detour;

constinit bpentry buftab[NBPOOLS]{};
constinit bpid32 nbpools = 0;

namespace
{

// The buffers of a pool, each behind its word. Those from `fresh` on were never in use, and are in no list: so it takes
// no time to make many.
struct Place {
    uint32 begin, fresh;
};
constinit std::array<Place, NBPOOLS> places{};

// What is before each buffer: of a free one the first field of a bpentry, else the id of its pool.
constexpr uint32 kWord = sizeof(bpid32);

bool is_pool(bpid32 pool)
{
    return pool >= 0 && pool < nbpools;
}

// The word before a buffer.
template <typename Word> Word &word_at(uint32 address)
{
    return *reinterpret_cast<Word *>(static_cast<uintptr_t>(address));
}

uint32 step_of(bpid32 pool)
{
    return buftab[pool].bpsize + kWord;
}

// A buffer's word; the semaphore has counted that there is one.
uint32 take_buffer(bpid32 pool)
{
    bpentry &entry = buftab[pool];
    uint32 &fresh = places[static_cast<uint32>(pool)].fresh;
    const uint32 taken = entry.bpnext != nullptr ? address_of(entry.bpnext) : fresh;
    if (entry.bpnext != nullptr)
        entry.bpnext = entry.bpnext->bpnext;
    else
        fresh += step_of(pool);
    return taken;
}

// The pool with a buffer in use whose word is at this address; SYSERR if there is none.
bpid32 pool_of(uint32 word)
{
    for (bpid32 pool = 0; pool < nbpools; ++pool) {
        const Place &place = places[static_cast<uint32>(pool)];
        if (word >= place.begin && word < place.fresh) {
            const bool in_use = (word - place.begin) % step_of(pool) == 0 && word_at<bpid32>(word) == pool;
            return in_use ? pool : SYSERR;
        }
    }
    return SYSERR;
}

} // namespace

status bufinit()
{
    return OK;
}

// Of the kernel's own memory: a pool outlives the process that makes it. Looks for a free entry only when it has the
// memory: to get it, it may let others run.
bpid32 mkbufpool(int32 bufsiz, int32 numbufs)
{
    const DeepSystemCallGuard guard;
    if (bufsiz < BP_MINB || bufsiz > BP_MAXB || numbufs < 1 || numbufs > BP_MAXN)
        return SYSERR;
    const uint32 size = (static_cast<uint32>(bufsiz) + 3) & ~3U;
    const uint32 bytes = (size + kWord) * static_cast<uint32>(numbufs);
    const uint32 block = attempt_with_remains(guard.enabled_before(), [&] { return heap.getmem(bytes, kNullProcess); });
    const sid32 sem = block == 0 || nbpools == NBPOOLS ? SYSERR : semcreate(numbufs);
    if (sem == SYSERR) {
        heap.freemem(block, bytes); // which may not exist
        return SYSERR;
    }
    const bpid32 pool = nbpools++;
    places[static_cast<uint32>(pool)] = {block, block};
    buftab[pool] = {nullptr, sem, size};
    return pool;
}

char *getbuf(bpid32 pool)
{
    const DeepSystemCallGuard guard;
    if (!is_pool(pool) || wait(buftab[pool].bpsem) == SYSERR)
        return reinterpret_cast<char *>(SYSERR);
    const uint32 word = take_buffer(pool);
    word_at<bpid32>(word) = pool;
    return reinterpret_cast<char *>(static_cast<uintptr_t>(word + kWord));
}

syscall freebuf(char *buffer)
{
    const DeepSystemCallGuard guard;
    const uint32 word = address_of(buffer) - kWord;
    const bpid32 pool = pool_of(word);
    if (pool == SYSERR)
        return SYSERR;
    word_at<bpentry *>(word) = buftab[pool].bpnext;
    buftab[pool].bpnext = reinterpret_cast<bpentry *>(static_cast<uintptr_t>(word));
    signal(buftab[pool].bpsem);
    return OK;
}
