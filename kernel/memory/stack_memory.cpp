#include "kernel/memory/stack_memory.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/arch.hpp"

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

uint32_t end_of_stack(uint32_t first_place, uint32_t pages)
{
    return arch::stack_area().begin + (first_place + places_for(pages)) * kPlaceBytes;
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
    const uint32_t end = end_of_stack(place, pages);
    arch::map_pages(end - bytes, run * kPageBytes, pages);
    return reinterpret_cast<char *>(static_cast<uintptr_t>(end - sizeof(uint32_t)));
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

void unmap_stack(const Frame &run)
{
    if (run.kind != FrameKind::kStack)
        return;
    const uint32_t place = run.bytes;
    arch::unmap_pages(end_of_stack(place, run.length) - run.length * kPageBytes, run.length);
    stack_places.release(place, FrameKind::kStack);
}

void release_stack(uint32_t first_page)
{
    unmap_stack(*page_allocator.find_run(first_page, FrameKind::kStack));
    page_allocator.release(first_page, FrameKind::kStack);
}

} // namespace detour
