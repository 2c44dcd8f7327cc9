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

// A spare run of exactly this length, with the tags of a run; 0 if there is none.
inline uint32_t PageAllocator::take_spare(uint32_t pages)
{
    if (pages >= kSpareLengths || spare_runs_[pages] == 0)
        return 0;
    const uint32_t first = spare_runs_[pages];
    spare_runs_[pages] = frames_[first].next;
    --spares_;
    free_pages_ -= pages;
    return first;
}

// Sets a released run aside if it is short. When there are enough, it takes the place of one of another length, so that
// those of a length that is no longer used do not stay. Returns false, with nothing changed, if that is not possible.
inline bool PageAllocator::put_spare(uint32_t first, uint32_t pages)
{
    if (pages >= kSpareLengths || (spares_ == kMostSpares && !merge_spare_unless(pages)))
        return false;
    frames_[first].kind = FrameKind::kSpare;
    frames_[first].next = spare_runs_[pages];
    spare_runs_[pages] = first;
    ++spares_;
    free_pages_ += pages;
    return true;
}

// Makes all frames of a run Interior.
inline void PageAllocator::untag(uint32_t first)
{
    frames_[first].kind = frames_[first + frames_[first].length - 1].kind = FrameKind::kInterior;
}

inline void PageAllocator::release_run(uint32_t &head, uint32_t first)
{
    unlink(head, first);
    const uint32_t length = frames_[first].length;
    if (put_spare(first, length))
        return;
    untag(first);
    join_free(first, length);
}

uint32_t PageAllocator::allocate(uint32_t pages, FrameKind kind, ProcessId owner, uint32_t list)
{
    KASSERT(kind > FrameKind::kFree && owner < NPROC && list < kListsPerOwner);
    uint32_t first = take_spare(pages);
    if (first == 0)
        first = cut_best_fit(pages);
    if (first == 0)
        return 0;
    Frame &run = frames_[first];
    run.kind = kind;
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
    release_run(owner_list(*run), first);
    return true;
}

uint32_t PageAllocator::release_front(uint32_t first, uint32_t pages)
{
    const Frame run = frames_[first];
    KASSERT(run.kind > FrameKind::kFree && pages < run.length);
    const uint32_t rest = first + pages;
    unlink(owner_list(run), first);
    frames_[rest] = run;
    tag(rest, run.length - pages, run.kind);
    link_front(owner_list(run), rest);
    frames_[first].kind = FrameKind::kInterior;
    join_free(first, pages);
    return rest;
}

bool PageAllocator::release_some(ProcessId owner, uint32_t work, BeforeRelease before_release)
{
    KASSERT(owner < NPROC && work > kJoinWork);
    for (uint32_t &head : owned_[owner]) {
        while (head != 0) {
            if (work <= kJoinWork)
                return false;
            work -= kJoinWork;
            const uint32_t done = frames_[head].next == head ? release_last(head, before_release)
                                                             : release_neighbours(head, work, before_release);
            work = done < work ? work - done : 0;
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

uint32_t PageAllocator::largest_run()
{
    merge_spares();
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

// Makes a spare run of this length, of which there is one, an ordinary free run.
void PageAllocator::merge_spare(uint32_t pages)
{
    const uint32_t first = take_spare(pages);
    untag(first);
    join_free(first, pages);
}

// Makes one spare run of a length other than `kept` an ordinary free run. Returns false if there is none.
bool PageAllocator::merge_spare_unless(uint32_t kept)
{
    for (uint32_t pages = 1; pages < kSpareLengths; ++pages) {
        if (pages == kept || spare_runs_[pages] == 0)
            continue;
        merge_spare(pages);
        return true;
    }
    return false;
}

void PageAllocator::merge_spares()
{
    for (uint32_t pages = 1; spares_ != 0; ++pages)
        while (spare_runs_[pages] != 0)
            merge_spare(pages);
}

// Cuts `pages` pages from the shortest free run that is long enough, for allocate() to fill in.
uint32_t PageAllocator::cut_best_fit(uint32_t pages)
{
    uint32_t first = best_fit(pages);
    if (first == 0 && spares_ != 0) {
        merge_spares();
        first = best_fit(pages);
    }
    if (first == 0)
        return 0;
    const uint32_t length = frames_[first].length;
    take_free(first);
    tag(first, pages, FrameKind::kSpare);
    if (length > pages)
        put_free(first + pages, length - pages);
    return first;
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
    untag(first);
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

// Frees the only run of an owner's list. Returns the work.
uint32_t PageAllocator::release_last(uint32_t &head, BeforeRelease before_release)
{
    const uint32_t before = before_release == nullptr ? 0 : before_release(head, frames_[head]);
    if (before == kLater)
        return kLater;
    release_run(head, head);
    return before + 1;
}

// Frees the first run of an owner's list, and the runs after it in the list as long as each adjoins those already
// taken, until the work is `most`. Returns the work.
uint32_t PageAllocator::release_neighbours(uint32_t &head, uint32_t most, BeforeRelease before_release)
{
    uint32_t first = head;
    uint32_t end = head;
    uint32_t work = 0;
    do {
        const uint32_t run = head;
        const uint32_t before = before_release == nullptr ? 0 : before_release(run, frames_[run]);
        if (before == kLater) {
            work = kLater;
            break;
        }
        unlink(head, run);
        untag(run);
        first = std::min(first, run);
        end = std::max(end, run + frames_[run].length);
        work += before + 1;
    } while (work < most && head != 0 && (head == end || head + frames_[head].length == first));
    if (end != first)
        join_free(first, end - first);
    return work;
}

// The first frame of the run that ends just before `frame`, or that last frame itself if it is Reserved.
uint32_t PageAllocator::run_ending_before(uint32_t frame) const
{
    const Frame &last = frames_[frame - 1];
    return last.kind == FrameKind::kLast ? frame - last.length : frame - 1;
}

} // namespace detour
