// page_allocator.cpp - best-fit allocation of page runs in constant time
#include "kernel/memory/page_allocator.hpp"

#include "kernel/base/assert.hpp"

#include <algorithm>

namespace detour
{

constinit PageAllocator page_allocator{};

void PageAllocator::init(std::span<Frame> frames)
{
    KASSERT(frames_.empty() && frames.size() <= kMaxFrames);
    frames_ = frames;
    for (Frame &frame : frames_)
        frame = {};
}

void PageAllocator::add_free(uint32_t first, uint32_t count)
{
    const auto frames = static_cast<uint32_t>(frames_.size());
    if (first == 0 && count != 0) {
        first = 1;
        --count;
    }
    if (first >= frames || count == 0)
        return;
    if (count > frames - first)
        count = frames - first;
    for (Frame &frame : frames_.subspan(first, count)) {
        KASSERT(frame.kind == FrameKind::kReserved);
        frame.kind = FrameKind::kInterior;
    }
    join_free(first, count);
    all_pages_ += count;
}

uint32_t PageAllocator::allocate(uint32_t pages, FrameKind kind, ProcessId owner, uint32_t list)
{
    KASSERT(kind > FrameKind::kFree && owner < NPROC && list < kListsPerOwner);
    const uint32_t first = best_fit(pages);
    if (first == 0)
        return 0;
    const uint32_t length = frames_[first].length;
    take_free(first);
    tag(first, pages, kind);
    if (length > pages)
        put_free(first + pages, length - pages);

    Frame &run = frames_[first];
    run.owner = owner;
    run.list = static_cast<uint8_t>(list);
    run.bytes = 0;
    run.used = run.free_head = 0;
    link_front(owner_list(run), first);
    return first;
}

bool PageAllocator::release(uint32_t first, FrameKind kind)
{
    const Frame *run = find_run(first, kind);
    if (run == nullptr)
        return false;
    const uint32_t length = run->length;
    unlink(owner_list(*run), first);
    frames_[first].kind = frames_[first + length - 1].kind = FrameKind::kInterior;
    join_free(first, length);
    return true;
}

bool PageAllocator::release_some(ProcessId owner, uint32_t work, void (*before_release)(const Frame &run))
{
    KASSERT(owner < NPROC && work > kJoinWork);
    for (uint32_t &head : owned_[owner]) {
        while (head != 0) {
            if (work <= kJoinWork)
                return false;
            work -= kJoinWork;
            work -= release_neighbours(head, work, before_release);
        }
    }
    return true;
}

void PageAllocator::move_to_front(uint32_t first)
{
    uint32_t &head = owner_list(frames_[first]);
    unlink(head, first);
    link_front(head, first);
}

void PageAllocator::move_to_back(uint32_t first)
{
    move_to_front(first);
    owner_list(frames_[first]) = frames_[first].next; // rotates the ring by one: the front becomes the back
}

uint32_t PageAllocator::largest_run() const
{
    const uint32_t bucket = lengths_.highest().value_or(0);
    uint32_t largest = bucket;
    if (bucket == kLongRun) {
        const uint32_t head = free_runs_[kLongRun];
        uint32_t run = head;
        do {
            if (frames_[run].length > largest)
                largest = frames_[run].length;
            run = frames_[run].next;
        } while (run != head);
    }
    return largest;
}

// The first frame of the shortest free run of at least `pages` pages, or 0. In the last bucket, where lengths differ,
// it compares all runs, at most eight.
uint32_t PageAllocator::best_fit(uint32_t pages) const
{
    if (pages == 0)
        return 0;
    const uint32_t bucket = lengths_.first_at_least(bucket_of(pages)).value_or(0);
    const uint32_t head = free_runs_[bucket]; // bucket 0 is always empty
    if (bucket != kLongRun)
        return head;
    uint32_t best = 0;
    uint32_t run = head;
    do {
        const uint32_t length = frames_[run].length;
        if (length >= pages && (best == 0 || length < frames_[best].length))
            best = run;
        run = frames_[run].next;
    } while (run != head);
    return best;
}

// Both kinds of list are rings, so the head alone gives both ends.
void PageAllocator::link_front(uint32_t &head, uint32_t first)
{
    if (head == 0)
        head = frames_[first].next = frames_[first].prev = first;
    const uint32_t last = frames_[head].prev;
    frames_[first].next = head;
    frames_[first].prev = last;
    frames_[last].next = first;
    frames_[head].prev = first;
    head = first;
}

void PageAllocator::unlink(uint32_t &head, uint32_t first)
{
    const Frame &run = frames_[first];
    frames_[run.prev].next = run.next;
    frames_[run.next].prev = run.prev;
    if (head == first)
        head = run.next == first ? 0 : run.next;
}

// Marks the two ends of a run; the frames between them must already be Interior.
void PageAllocator::tag(uint32_t first, uint32_t length, FrameKind kind)
{
    Frame &last = frames_[first + length - 1];
    last.kind = FrameKind::kLast;
    last.length = length;
    frames_[first].kind = kind; // written after the last frame's kind: both may be the same frame
    frames_[first].length = length;
}

void PageAllocator::put_free(uint32_t first, uint32_t length)
{
    tag(first, length, FrameKind::kFree);
    link_front(free_runs_[bucket_of(length)], first);
    lengths_.insert(bucket_of(length));
    free_pages_ += length;
}

// Removes a free run from its list and makes all its frames Interior, to be tagged again.
void PageAllocator::take_free(uint32_t first)
{
    const uint32_t length = frames_[first].length;
    const uint32_t bucket = bucket_of(length);
    unlink(free_runs_[bucket], first);
    if (free_runs_[bucket] == 0)
        lengths_.erase(bucket);
    frames_[first].kind = frames_[first + length - 1].kind = FrameKind::kInterior;
    free_pages_ -= length;
}

// Turns the `length` Interior frames from `first` on into a free run, merged with the free neighbours on both sides.
void PageAllocator::join_free(uint32_t first, uint32_t length)
{
    const uint32_t after = first + length;
    if (after < frames_.size() && frames_[after].kind == FrameKind::kFree) {
        length += frames_[after].length;
        take_free(after);
    }
    const uint32_t before = run_ending_before(first);
    if (frames_[before].kind == FrameKind::kFree) {
        length += frames_[before].length;
        take_free(before);
        first = before;
    }
    put_free(first, length);
}

// Frees the first run of an owner's list, and the runs after it in the list as long as each adjoins those already
// taken. Returns the number of runs, at most `most`.
uint32_t PageAllocator::release_neighbours(uint32_t &head, uint32_t most, void (*before_release)(const Frame &run))
{
    uint32_t first = head;
    uint32_t end = head;
    uint32_t count = 0;
    do {
        const uint32_t run = head;
        const uint32_t length = frames_[run].length;
        if (before_release != nullptr)
            before_release(frames_[run]);
        unlink(head, run);
        frames_[run].kind = frames_[run + length - 1].kind = FrameKind::kInterior;
        first = std::min(first, run);
        end = std::max(end, run + length);
        ++count;
    } while (count < most && head != 0 && (head == end || head + frames_[head].length == first));
    join_free(first, end - first);
    return count;
}

// The first frame of the run that ends just before `frame`, or that last frame itself if it is Reserved.
uint32_t PageAllocator::run_ending_before(uint32_t frame) const
{
    const Frame &last = frames_[frame - 1];
    return last.kind == FrameKind::kLast ? frame - last.length : frame - 1;
}

} // namespace detour
