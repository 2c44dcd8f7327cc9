// page_allocator_check.cpp - the invariants of the page allocator's tables
#include "kernel/memory/page_allocator.hpp"

namespace detour
{

// The frame table is authoritative; the lists must hold each of its runs in the right place, and nothing else.
struct PageAllocator::Counts {
    uint32_t free_pages = 0;
    uint32_t free_runs = 0;
    uint32_t spare_runs = 0;
    uint32_t owned_runs = 0;

    void count(const Frame &run)
    {
        const bool is_spare = run.kind == FrameKind::kSpare;
        const bool is_free = run.kind == FrameKind::kFree;
        free_pages += is_spare || is_free ? run.length : 0;
        ++(is_spare ? spare_runs : is_free ? free_runs : owned_runs);
    }
};

bool PageAllocator::check() const
{
    Counts found;
    return check_runs(found) && found.free_pages == free_pages_ && check_free_lists(found.free_runs) &&
           found.spare_runs == spares_ && check_spare_lists() && check_owner_lists(found.owned_runs);
}

uint32_t PageAllocator::pages_of(ProcessId owner) const
{
    uint32_t pages = 0;
    for (const uint32_t head : owned_[owner]) {
        for (uint32_t run = head; run != 0; run = frames_[run].next == head ? 0 : frames_[run].next)
            pages += frames_[run].length;
    }
    return pages;
}

bool PageAllocator::check_run(uint32_t first) const
{
    const Frame &run = frames_[first];
    if (run.kind < FrameKind::kSpare || first == 0 || run.length == 0 || run.length > frames_.size() - first)
        return false;
    for (const Frame &frame : frames_.subspan(first, run.length).subspan(1)) {
        const bool is_last = &frame == &run + run.length - 1;
        if (frame.kind != (is_last ? FrameKind::kLast : FrameKind::kInterior))
            return false;
        if (is_last && frame.length != run.length)
            return false;
    }
    return true;
}

bool PageAllocator::check_runs(Counts &found) const
{
    bool free_before = false;
    for (uint32_t first = 0; first < frames_.size();) {
        const Frame &run = frames_[first];
        const bool is_free = run.kind == FrameKind::kFree;
        if (run.kind == FrameKind::kReserved) {
            ++first;
        } else {
            if (!check_run(first) || (is_free && free_before))
                return false;
            first += run.length;
            found.count(run);
        }
        free_before = is_free;
    }
    return true;
}

template <typename Belongs> bool PageAllocator::check_list(uint32_t head, uint32_t &members, Belongs &&belongs) const
{
    for (uint32_t run = head; run != 0;) {
        const uint32_t next = frames_[run].next;
        if (next >= frames_.size() || frames_[next].prev != run || !belongs(frames_[run]))
            return false;
        if (++members > frames_.size())
            return false;
        run = next == head ? 0 : next;
    }
    return true;
}

bool PageAllocator::check_free_lists(uint32_t expected) const
{
    uint32_t members = 0;
    for (uint32_t bucket = 0; bucket <= kLongRun; ++bucket) {
        if ((free_runs_[bucket] != 0) != lengths_.contains(bucket))
            return false;
        const bool good = check_list(free_runs_[bucket], members, [bucket](const Frame &run) {
            return run.kind == FrameKind::kFree && bucket_of(run.length) == bucket;
        });
        if (!good)
            return false;
    }
    return members == expected;
}

bool PageAllocator::check_spare_lists() const
{
    uint32_t members = 0;
    for (uint32_t pages = 0; pages < kSpareLengths; ++pages) {
        for (uint32_t run = spare_runs_[pages]; run != 0; run = frames_[run].next) {
            if (run >= frames_.size() || frames_[run].kind != FrameKind::kSpare || frames_[run].length != pages)
                return false;
            if (++members > spares_)
                return false;
        }
    }
    return members == spares_ && spares_ <= kMostSpares;
}

bool PageAllocator::check_owner_lists(uint32_t expected) const
{
    uint32_t members = 0;
    for (uint32_t owner = 0; owner < NPROC; ++owner) {
        for (uint32_t list = 0; list < kListsPerOwner; ++list) {
            const bool good = check_list(owned_[owner][list], members, [owner, list](const Frame &run) {
                return run.kind > FrameKind::kFree && run.owner == owner && run.list == list;
            });
            if (!good)
                return false;
        }
    }
    return members == expected;
}

} // namespace detour
