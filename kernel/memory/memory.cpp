#include "kernel/memory/memory.hpp"

#include "kernel/memory/stack_memory.hpp"

namespace detour
{

namespace
{

// The work done at a time with interrupts masked, about 1,200 instructions. It suffices for small processes.
constexpr uint32_t kWorkAtOnce = 14;

// Places the tables of both allocators in the pages [first_page, end_page), with an unmapped page on either side, so
// that a write that overruns neighbouring memory faults before it reaches them. Returns the first page after them; 0 if
// there is no room.
uint32_t place_tables(uint32_t first_page, uint32_t end_page, uint32_t pages_of_memory)
{
    const uint32_t places = count_stack_places();
    const uint32_t table_pages = pages_for((pages_of_memory + places) * sizeof(Frame));
    if (table_pages + 2 >= end_page - first_page)
        return 0;
    auto *const table = reinterpret_cast<Frame *>(uintptr_t{first_page + 1} * kPageBytes);
    arch::unmap_page(first_page * kPageBytes);
    arch::unmap_page((first_page + 1 + table_pages) * kPageBytes);
    page_allocator.init({table, pages_of_memory});
    initialize_stack_places({table + pages_of_memory, places});
    return first_page + 1 + table_pages + 1;
}

} // namespace

bool initialize_memory(std::span<const arch::MemoryRange> ranges)
{
    if (ranges.empty())
        return false;
    const arch::MemoryRange highest = ranges.back();
    const uint32_t first = ranges[0].base / kPageBytes;
    const uint32_t end = first + ranges[0].bytes / kPageBytes;
    const uint32_t first_free = place_tables(first, end, (highest.base + highest.bytes) / kPageBytes);
    if (first_free == 0)
        return false;
    page_allocator.add_free(first_free, end - first_free);
    for (const arch::MemoryRange &range : ranges.subspan(1))
        page_allocator.add_free(range.base / kPageBytes, range.bytes / kPageBytes);
    return true;
}

bool release_some_memory_of(ProcessId owner)
{
    return page_allocator.release_some(owner, kWorkAtOnce, unmap_before_release);
}

} // namespace detour
