// memory.cpp - memory of course terms: aligned blocks, and those that go with their process
//
// All memory goes with its process here. What these terms add is a count of it, and the calls' names.
#include "system/courses/lives.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/memory/heap.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>
#include <xinu/courses.h>

using namespace detour;
using namespace detour::courses;

namespace
{

constinit PerProcess<uint32_t> counted{}; // bytes, as requested

uint32_t &count_of(pid32 pid)
{
    return counted.of(static_cast<ProcessId>(pid));
}

char *const kNoMemory = reinterpret_cast<char *>(SYSERR);

bool is_aligned(const char *block, uint32_t alignment)
{
    return address_of(block) % alignment == 0;
}

// A block of this size at a multiple of the alignment. Blocks that are not are linked until there is one that is, and
// freed then: of each two small ones that follow each other, one lies at a multiple of twice their size.
char *find_aligned(uint32_t bytes, uint32_t alignment)
{
    char *others = nullptr;
    char *block = getmem(bytes);
    for (uint32_t tried = 1; block != kNoMemory && !is_aligned(block, alignment) && tried < kPageBytes / 16; ++tried) {
        *reinterpret_cast<char **>(block) = others;
        others = block;
        block = getmem(bytes);
    }
    while (others != nullptr) {
        char *const next = *reinterpret_cast<char **>(others);
        freemem(others, bytes);
        others = next;
    }
    if (block != kNoMemory && !is_aligned(block, alignment)) {
        freemem(block, bytes);
        return kNoMemory;
    }
    return block;
}

} // namespace

extern "C" {

[[gnu::weak]] char *aligned_getmem(uint32 nbytes, uint32 alignment)
{
    if (nbytes == 0 || alignment == 0 || (alignment & (alignment - 1)) != 0)
        return kNoMemory;
    char *const block = find_aligned(nbytes, alignment);
    if (block != kNoMemory || nbytes > UINT32_MAX - alignment)
        return block;
    // Inside a larger block, which only the end of the process frees.
    char *const larger = getmem(nbytes + alignment);
    return larger == kNoMemory ? kNoMemory : larger + (alignment - address_of(larger) % alignment) % alignment;
}

[[gnu::weak]] char *getmem_r(uint32 nbytes)
{
    char *const block = getmem(nbytes);
    const SystemCallGuard guard;
    if (block != kNoMemory)
        count_of(currpid) += nbytes;
    return block;
}

[[gnu::weak]] syscall freemem_r(char *block, uint32 nbytes)
{
    const syscall result = freemem(block, nbytes);
    const SystemCallGuard guard;
    if (result == OK)
        count_of(currpid) -= nbytes;
    return result;
}

[[gnu::weak]] syscall r_mem_allocated(pid32 pid, uint32 *bytes)
{
    if (isbadpid(pid) || bytes == nullptr)
        return SYSERR;
    uint32 count = 0;
    {
        const SystemCallGuard guard;
        count = count_of(pid);
    }
    *bytes = count;
    return OK;
}

[[gnu::weak]] char *getmemgb(uint32 nbytes)
{
    return getmem_r(nbytes);
}

[[gnu::weak]] syscall freememgb(char *block, uint32 nbytes)
{
    return freemem_r(block, nbytes);
}
}
