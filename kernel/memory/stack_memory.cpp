#include "kernel/memory/stack_memory.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/arch.hpp"
#include "kernel/base/interrupt_guard.hpp"

#include <algorithm>

namespace detour
{

constinit PageAllocator stack_places{};

namespace
{

// A stack ends at the end of its last place. The two table entries of a stack refer to each other by `bytes`: that of
// the run of pages holds its first place, and that of the first place holds the first page of the run.
constexpr uint32_t kPagesPerPlace = 8;
constexpr uint32_t kPlaceBytes = kPagesPerPlace * kPageBytes;
static_assert(kStackGap <= kPlaceBytes && kStackGap % kPageBytes == 0);

constexpr uint32_t places_for(uint32_t pages)
{
    return (pages + kStackGap / kPageBytes + kPagesPerPlace - 1) / kPagesPerPlace;
}

constexpr uint32_t kPagesAtOnce = kStackBytesAtOnce / kPageBytes;

uint32_t end_of_places(uint32_t first_place, uint32_t places)
{
    return arch::stack_area().begin + (first_place + places) * kPlaceBytes;
}

// The address at which the run of a stack is mapped, which may have shrunk since its places were allocated.
uint32_t lowest_address(const Frame &run)
{
    const Frame &place = *stack_places.find_run(run.bytes, FrameKind::kStack);
    return end_of_places(run.bytes, place.length) - run.length * kPageBytes;
}

// Maps the pages [begin, end) of a stack, numbered from its lowest.
void map_part(uint32_t lowest_address, uint32_t first_page, uint32_t begin, uint32_t end)
{
    arch::map_pages(lowest_address + begin * kPageBytes, (first_page + begin) * kPageBytes, end - begin);
}

// Releases the lowest pages of a stack. Returns the first page of the rest.
uint32_t shrink_stack(uint32_t first_page, const Frame &run)
{
    const uint32_t place = run.bytes;
    arch::unmap_pages(lowest_address(run), kPagesAtOnce);
    const uint32_t rest = page_allocator.release_front(first_page, kPagesAtOnce);
    stack_places.find_run(place, FrameKind::kStack)->bytes = rest;
    return rest;
}

void unmap_stack(const Frame &run)
{
    arch::unmap_pages(lowest_address(run), run.length);
    stack_places.release(run.bytes, FrameKind::kStack);
}

} // namespace

uint32_t count_stack_places()
{
    return arch::stack_area().bytes / kPlaceBytes;
}

void initialize_stack_places(std::span<Frame> table)
{
    stack_places.init(table);
    stack_places.add_free(1, static_cast<uint32_t>(table.size()) - 1);
}

char *allocate_stack(uint32_t &bytes, ProcessId owner)
{
    const uint32_t pages = stack_pages(bytes);
    const uint32_t run = page_allocator.allocate(pages, FrameKind::kStack, owner);
    const uint32_t place = run == 0 ? 0 : stack_places.allocate(places_for(pages), FrameKind::kStack, 0);
    if (place == 0) {
        page_allocator.release(run, FrameKind::kStack);
        return nullptr;
    }
    page_allocator.find_run(run, FrameKind::kStack)->bytes = place;
    stack_places.find_run(place, FrameKind::kStack)->bytes = run;
    bytes = pages * kPageBytes;
    const uint32_t end = end_of_places(place, places_for(pages));
    map_part(end - bytes, run, pages - std::min(pages, kPagesAtOnce), pages);
    return reinterpret_cast<char *>(static_cast<uintptr_t>(end - sizeof(uint32_t)));
}

void map_rest_of_stack(const char *highest_word, uint32_t bytes, bool enabled)
{
    DEBUG_ASSERT(bytes >= kStackBytesAtOnce && bytes % kPageBytes == 0);
    const uint32_t run = find_stack(highest_word, bytes);
    const uint32_t lowest = address_of(highest_word) + sizeof(uint32_t) - bytes;
    uint32_t end = bytes / kPageBytes - kPagesAtOnce;
    while (end != 0) {
        let_interrupts_in(enabled);
        const uint32_t begin = end - std::min(end, kPagesAtOnce);
        map_part(lowest, run, begin, end);
        end = begin;
    }
}

uint32_t find_stack(const char *highest_word, uint32_t bytes)
{
    const uint32_t pages = stack_pages(bytes);
    const uint32_t end = address_of(highest_word) + sizeof(uint32_t);
    const uint32_t place = (end - arch::stack_area().begin) / kPlaceBytes - places_for(pages);
    const Frame *taken = stack_places.find_run(place, FrameKind::kStack);
    if (end % kPlaceBytes != 0 || taken == nullptr || taken->length != places_for(pages))
        return 0;
    return page_allocator.find_run(taken->bytes, FrameKind::kStack)->length == pages ? taken->bytes : 0;
}

uint32_t unmap_before_release(uint32_t first_page, const Frame &run)
{
    constexpr uint32_t kPagesPerWork = 8;
    if (run.kind != FrameKind::kStack)
        return 0;
    if (run.length > kPagesAtOnce) {
        shrink_stack(first_page, run);
        return PageAllocator::kLater;
    }
    unmap_stack(run);
    return 1 + run.length / kPagesPerWork;
}

void release_stack(uint32_t first_page, bool enabled)
{
    const Frame *run = page_allocator.find_run(first_page, FrameKind::kStack);
    while (run->length > kPagesAtOnce) {
        first_page = shrink_stack(first_page, *run);
        run = page_allocator.find_run(first_page, FrameKind::kStack);
        let_interrupts_in(enabled);
    }
    unmap_stack(*run);
    page_allocator.release(first_page, FrameKind::kStack);
}

} // namespace detour
