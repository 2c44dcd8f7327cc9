#include "kernel/memory/memory.hpp"

#include "kernel/base/address.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/stack.hpp"

#include <xinu/config.h>

#include <algorithm>

namespace detour
{

static_assert(arch::kPageBytes == kPageSize);

constinit PageAllocator page_allocator{};
constinit PageAllocator stack_places{};
constinit Heap heap{page_allocator, 0};

namespace
{

// A stack ends at the end of its last place. `bytes` of its entries in both tables lead to the other: a run
// of pages knows its first place, and that the first page of the run.
constexpr uint32_t kPagesPerPlace = 8;
constexpr uint32_t kPlaceBytes = kPagesPerPlace * kPageSize;
static_assert(kStackGap <= kPlaceBytes && kStackGap % kPageSize == 0);

constexpr uint32_t pages_for(uint32_t bytes)
{
    return bytes / kPageSize + (bytes % kPageSize != 0 ? 1 : 0);
}

constexpr uint32_t places_for(uint32_t pages)
{
    return (pages + kStackGap / kPageSize + kPagesPerPlace - 1) / kPagesPerPlace;
}

uint32_t end_of_stack(uint32_t first_place, uint32_t pages)
{
    return arch::stack_area().begin + (first_place + places_for(pages)) * kPlaceBytes;
}

// The first page of the run of an allocated stack of just this size; 0 if there is none.
uint32_t stack_run(const char *highest_word, uint32_t pages)
{
    const uint32_t end = address_of(highest_word) + sizeof(uint32_t);
    const uint32_t place = (end - arch::stack_area().begin) / kPlaceBytes - places_for(pages);
    const Frame *taken = stack_places.find_run(place, FrameKind::Stack);
    if (end % kPlaceBytes != 0 || taken == nullptr || taken->length != places_for(pages))
        return 0;
    return page_allocator.find_run(taken->bytes, FrameKind::Stack)->length == pages ? taken->bytes : 0;
}

// What is freed with interrupts masked: some five thousand instructions. Most processes have no more.
constexpr uint32_t kWorkAtOnce = 64;

void leave_place(uint32_t first_page, uint32_t pages)
{
    const uint32_t place = page_allocator.find_run(first_page, FrameKind::Stack)->bytes;
    arch::unmap_pages(end_of_stack(place, pages) - pages * kPageSize, pages);
    stack_places.release(place, FrameKind::Stack);
}

void leave_place_of_stack(const Frame &run, uint32_t first_page)
{
    if (run.kind == FrameKind::Stack)
        leave_place(first_page, run.length);
}

// The tables of both allocators, with a page that is not mapped on either side: no stray write of a neighbour
// runs into them. They come out of the pages [first_page, end_page). Returns the first page behind them; 0
// if there is no room.
uint32_t place_tables(uint32_t first_page, uint32_t end_page, uint32_t pages_of_memory)
{
    const uint32_t places = arch::stack_area().bytes / kPlaceBytes;
    const uint32_t table_pages = pages_for((pages_of_memory + places) * sizeof(Frame));
    if (table_pages + 2 >= end_page - first_page)
        return 0;
    auto *const table = reinterpret_cast<Frame *>(uintptr_t{first_page + 1} * kPageSize);
    arch::unmap_page(first_page * kPageSize);
    arch::unmap_page((first_page + 1 + table_pages) * kPageSize);
    page_allocator.init({table, pages_of_memory});
    stack_places.init({table + pages_of_memory, places});
    stack_places.add_free(1, places - 1);
    return first_page + 1 + table_pages + 1;
}

} // namespace

bool initialize_memory(std::span<const arch::MemoryRange> ranges)
{
    if (ranges.empty())
        return false;
    const arch::MemoryRange highest = ranges.back();
    const uint32_t first = ranges[0].base / kPageSize;
    const uint32_t end = first + ranges[0].bytes / kPageSize;
    const uint32_t first_free = place_tables(first, end, (highest.base + highest.bytes) / kPageSize);
    if (first_free == 0)
        return false;
    page_allocator.add_free(first_free, end - first_free);
    for (const arch::MemoryRange &range : ranges.subspan(1))
        page_allocator.add_free(range.base / kPageSize, range.bytes / kPageSize);
    return true;
}

uint32_t stack_pages(uint32_t bytes)
{
    return pages_for(std::max<uint32_t>(bytes, MINSTK));
}

char *allocate_stack(uint32_t &bytes, ProcessId owner)
{
    const uint32_t pages = pages_for(std::max<uint32_t>(bytes, MINSTK));
    const uint32_t run = page_allocator.allocate(pages, FrameKind::Stack, owner);
    const uint32_t place =
        run == 0 ? 0 : stack_places.allocate(places_for(pages), FrameKind::Stack, kNullProcess);
    if (place == 0) {
        page_allocator.release(run, FrameKind::Stack);
        return nullptr;
    }
    page_allocator.find_run(run, FrameKind::Stack)->bytes = place;
    stack_places.find_run(place, FrameKind::Stack)->bytes = run;
    bytes = pages * kPageSize;
    const uint32_t end = end_of_stack(place, pages);
    arch::map_pages(end - bytes, run * kPageSize, pages);
    return reinterpret_cast<char *>(static_cast<uintptr_t>(end - sizeof(uint32_t)));
}

bool is_stack(char *highest_word, uint32_t bytes)
{
    return bytes % kPageSize == 0 && stack_run(highest_word, bytes / kPageSize) != 0;
}

bool free_stack(char *highest_word, uint32_t bytes)
{
    const uint32_t pages = pages_for(std::max<uint32_t>(bytes, MINSTK));
    const uint32_t run = stack_run(highest_word, pages);
    if (run == 0)
        return false;
    const ProcessId owner_id = page_allocator.find_run(run, FrameKind::Stack)->owner;
    const procent &owner = process_entry(owner_id);
    if (owner.prstate != PR_FREE && owner.prstkbase == highest_word)
        return false; // somebody stands on it
    if (original_stacks[owner_id].base == reinterpret_cast<uintptr_t>(highest_word))
        original_stacks[owner_id] = {}; // its process has moved to another
    leave_place(run, pages);
    return page_allocator.release(run, FrameKind::Stack);
}

bool release_some_memory_of(ProcessId owner)
{
    return page_allocator.release_some(owner, kWorkAtOnce, leave_place_of_stack);
}

} // namespace detour
