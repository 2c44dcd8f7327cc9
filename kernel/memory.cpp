#include "kernel/memory.hpp"

#include "kernel/process_table.hpp"
#include "kernel/stack_check.hpp"

#include <xinu/config.h>

#include <algorithm>

namespace detour
{

static_assert(arch::kPageBytes == kPageSize);

constinit PageAllocator page_allocator{};
constinit Heap heap{page_allocator, 0};

namespace
{

constexpr uint32_t pages_for(uint32_t bytes)
{
    return bytes / kPageSize + (bytes % kPageSize != 0 ? 1 : 0);
}

// A stack's run of pages begins with its guard page.
uint32_t guard_of(char *highest_word, uint32_t pages)
{
    const auto end = static_cast<uint32_t>(reinterpret_cast<uintptr_t>(highest_word)) + sizeof(uint32_t);
    return end - (pages + 1) * kPageSize;
}

// The run of an allocated stack, or nullptr.
const Frame *stack_run(char *highest_word, uint32_t pages)
{
    const uint32_t guard = guard_of(highest_word, pages);
    const Frame *run = page_allocator.find_run(guard / kPageSize, FrameKind::Stack);
    return guard % kPageSize != 0 || run == nullptr || run->length != pages + 1 ? nullptr : run;
}

void map_guard(uint32_t first_frame, uint32_t)
{
    arch::map_page(first_frame * kPageSize);
}

} // namespace

void initialize_memory(std::span<const arch::MemoryRange> ranges)
{
    KASSERT(!ranges.empty());
    const arch::MemoryRange highest = ranges.back();
    const uint32_t frames = (highest.base + highest.bytes) / kPageSize;
    const uint32_t table_pages = pages_for(frames * sizeof(Frame));
    KASSERT(table_pages * kPageSize < ranges[0].bytes);

    page_allocator.init({reinterpret_cast<Frame *>(static_cast<uintptr_t>(ranges[0].base)), frames});
    page_allocator.add_free(ranges[0].base / kPageSize + table_pages,
                            ranges[0].bytes / kPageSize - table_pages);
    for (const arch::MemoryRange &range : ranges.subspan(1))
        page_allocator.add_free(range.base / kPageSize, range.bytes / kPageSize);
}

char *allocate_stack(uint32_t &bytes, ProcessId owner)
{
    const uint32_t pages = pages_for(std::max<uint32_t>(bytes, MINSTK));
    const uint32_t guard = page_allocator.allocate(pages + 1, FrameKind::Stack, owner);
    if (guard == 0)
        return nullptr;
    arch::unmap_page(guard * kPageSize);
    bytes = pages * kPageSize;
    const uint32_t end = (guard + 1 + pages) * kPageSize;
    return reinterpret_cast<char *>(static_cast<uintptr_t>(end - sizeof(uint32_t)));
}

bool is_stack(char *highest_word, uint32_t bytes)
{
    return bytes % kPageSize == 0 && stack_run(highest_word, bytes / kPageSize) != nullptr;
}

bool free_stack(char *highest_word, uint32_t bytes)
{
    const uint32_t pages = pages_for(std::max<uint32_t>(bytes, MINSTK));
    const Frame *run = stack_run(highest_word, pages);
    if (run == nullptr)
        return false;
    const procent &owner = process_entry(run->owner);
    if (owner.prstate != PR_FREE && owner.prstkbase == highest_word)
        return false; // somebody stands on it
    if (original_stacks[run->owner].base == reinterpret_cast<uintptr_t>(highest_word))
        original_stacks[run->owner] = {}; // its process has moved to another
    const uint32_t guard = guard_of(highest_word, pages);
    arch::map_page(guard);
    return page_allocator.release(guard / kPageSize, FrameKind::Stack);
}

void release_memory_of(ProcessId owner)
{
    heap.release_owner(owner);
    page_allocator.release_owned(owner, FrameKind::Stack, map_guard);
}

} // namespace detour
