// page_allocator.hpp - physical memory in pages: the owner of each page frame; also used for the addresses of stacks,
// see stack_memory.hpp
#pragma once

#include "kernel/base/bitmap_index.hpp"
#include "kernel/base/page.h"
#include "kernel/base/process_list.hpp"

#include <xinu/config.h>

#include <array>
#include <cstdint>
#include <span>

namespace detour
{

// What a page frame is. Memory is cut into runs of neighbouring frames. The kind of a run stands at its first frame;
// its other frames are kInterior, but for the last, which is kLast. So a frame number is the start of a run exactly
// when its kind is kSpare or greater, and a wrong number cannot pass for one.
enum class FrameKind : uint8_t {
    kReserved, // in no run: no memory, or the kernel's own image and tables
    kInterior,
    kLast,
    kSpare, // free, but not merged with its neighbours
    kFree,
    kStack,     // from here on: allocated runs
    kHeapRun,   // one block of getmem() that fills its own pages
    kHeapSlab,  // a page of small blocks of getmem(), all of one size
    kPageTable, // page directory or page table of a ring-3 process
    kPortMap,   // map of I/O ports of a ring-3 process
    kUserPage,  // memory of a ring-3 process
};

// The entry of one page frame in the frame table. Only a run's first frame uses all fields; its last frame uses
// `length`.
struct Frame {
    uint32_t length = 0; // of the run, in pages
    uint32_t next = 0;   // neighbours in the list of free runs of that length, or of the owner's runs
    uint32_t prev = 0;
    uint32_t bytes = 0; // `bytes` and the last three fields are for the client: see Heap
    uint16_t owner = 0; // a process id; runs of the kernel itself belong to process 0
    FrameKind kind = FrameKind::kReserved;
    uint8_t list = 0; // which of the owner's lists
    uint8_t used = 0; // the allocator only clears `bytes`, `used` and `free_head`
    uint8_t free_head = 0;
};
static_assert(sizeof(Frame) == 24, "the kernel reserves 24 bytes per page frame");

// Allocates runs of pages, best fit, in constant time. A few short runs that were released last are set aside as spare
// runs, by length, and allocated again as they are: most processes and most programs free what they soon need again.
// Spare runs count as free pages, and join the other free runs as soon as a request needs that. Other free runs are
// kept in lists by exact length, and a BitmapIndex holds the lengths that exist; the boundary tags at both ends of a
// run let it merge with its free neighbours when it is released. The tags lie in the frame table, outside the memory
// they describe, out of reach of a process that overruns its own blocks. Frame 0 is never allocated, so 0 means "none".
// All-zero bytes are a valid allocator without any memory. Every operation expects interrupts masked.
class PageAllocator
{
public:
    static constexpr uint32_t kMaxFrames = 262144; // 1 GiB

    // An owner's runs form several lists, for a client that must find some of them quickly (see Heap); list 0 is for
    // all others.
    static constexpr uint32_t kListsPerOwner = 8;

    // Takes over `frames`, one entry per page frame from address 0 on, at most kMaxFrames; all become Reserved. Called
    // once, before anything else.
    void init(std::span<Frame> frames);

    // Hands `count` Reserved frames from `first` on to the allocator, at boot: takes time proportional to `count`.
    // Frame 0 and frames beyond the table are left out.
    void add_free(uint32_t first, uint32_t count);

    // Allocates `pages` contiguous pages for `owner`, from the shortest free run that is long enough. `kind` is Stack
    // or a later kind. Returns the first frame's number; 0, with nothing changed, when `pages` is 0 or no free run is
    // long enough.
    uint32_t allocate(uint32_t pages, FrameKind kind, ProcessId owner, uint32_t list = 0);

    // Frees the run that begins at `first`. Returns false, with nothing changed, unless `first` is the first frame of
    // an allocated run of exactly this `kind`.
    bool release(uint32_t first, FrameKind kind);

    // Frees the first `pages` pages of the allocated run that begins at `first` and is longer. The rest is a run with
    // the same owner and `bytes`. Returns its first frame's number.
    uint32_t release_front(uint32_t first, uint32_t pages);

    // Called with the first frame of a run before release_some() frees the run. Returns the work that this took; kLater
    // if the run is not to be freed yet: all of its work until then is done by later calls.
    using BeforeRelease = uint32_t (*)(uint32_t first, const Frame &run);
    static constexpr uint32_t kLater = UINT32_MAX;

    // Frees runs that belong to `owner`, of any kind. Adjacent runs are freed as one, which makes this fast for a
    // process whose pages were allocated one by one. `work` limits the work and must exceed kJoinWork: each run counts
    // 1 and what `before_release` took, each group of adjacent runs kJoinWork more. (A unit is less than a hundred
    // instructions.) Returns true once the owner has none left.
    static constexpr uint32_t kJoinWork = 4;
    bool release_some(ProcessId owner, uint32_t work, BeforeRelease before_release = nullptr);

    // The entry of the allocated run of this kind that begins exactly at `first`, or nullptr. The caller may change
    // `bytes`, `used` and `free_head` in it, nothing else.
    Frame *find_run(uint32_t first, FrameKind kind)
    {
        const bool is_one = kind > FrameKind::kFree && first < frames_.size() && frames_[first].kind == kind;
        return is_one ? &frames_[first] : nullptr;
    }

    // The first run on one of the owner's lists, 0 when it is empty. New runs are added at the front.
    uint32_t first_run(ProcessId owner, uint32_t list) const { return owned_[owner][list]; }

    // Reorder the list that the run is on; `first` must be the first frame of an allocated run.
    void move_to_front(uint32_t first);
    void move_to_back(uint32_t first);

    uint32_t free_pages() const { return free_pages_; }

    // The number of pages handed to the allocator at boot, free or not.
    uint32_t all_pages() const { return all_pages_; }

    // The pages of all runs of this owner, counted: for tests and debugging.
    uint32_t pages_of(ProcessId owner) const;

    // Calls visit(first, pages) for every free run, by address; spare runs are not merged with their neighbours.
    // `visit` must not change them. For listings: its time grows with the number of runs, and of frames that are in
    // none.
    template <typename Visit> void for_each_free(Visit &&visit) const
    {
        for (uint32_t frame = 1; frame < frames_.size();) {
            const Frame &run = frames_[frame];
            if (run.kind == FrameKind::kSpare || run.kind == FrameKind::kFree)
                visit(frame, run.length);
            frame += run.kind < FrameKind::kSpare ? 1 : run.length;
        }
    }

    // The length in pages of the longest free run: the largest request that would succeed now. Merges the spare runs.
    uint32_t largest_run();

    // Whether all invariants of the tables hold. For tests and debugging: reads every entry.
    bool check() const;

private:
    // Free runs of this length and more share the last list. kMaxFrames leaves room for eight of them.
    static constexpr uint32_t kLongRun = BitmapIndex::kKeys - 1;
    static uint32_t bucket_of(uint32_t length) { return length < kLongRun ? length : kLongRun; }

    // Runs shorter than this are set aside, at most so many: merging them all takes 1,500 instructions.
    static constexpr uint32_t kSpareLengths = 32;
    static constexpr uint32_t kMostSpares = 5;

    uint32_t take_spare(uint32_t pages);
    bool put_spare(uint32_t first, uint32_t pages);
    void merge_spare(uint32_t pages);
    bool merge_spare_unless(uint32_t kept);
    void merge_spares();

    uint32_t cut_best_fit(uint32_t pages);
    void release_run(uint32_t &head, uint32_t first);
    void link_front(uint32_t &head, uint32_t first);
    void unlink(uint32_t &head, uint32_t first);
    uint32_t &owner_list(const Frame &run) { return owned_[run.owner][run.list]; }

    void tag(uint32_t first, uint32_t length, FrameKind kind);
    void untag(uint32_t first);
    void put_free(uint32_t first, uint32_t length);
    void take_free(uint32_t first);
    void join_free(uint32_t first, uint32_t length);
    uint32_t release_last(uint32_t &head, BeforeRelease before_release);
    uint32_t release_neighbours(uint32_t &head, uint32_t most, BeforeRelease before_release);
    uint32_t run_ending_before(uint32_t frame) const;
    uint32_t best_fit(uint32_t pages) const;

    struct Counts;
    bool check_run(uint32_t first) const;
    bool check_runs(Counts &found) const;
    template <typename Belongs> bool check_list(uint32_t head, uint32_t &members, Belongs &&belongs) const;
    bool check_free_lists(uint32_t expected) const;
    bool check_spare_lists() const;
    bool check_owner_lists(uint32_t expected) const;

    std::span<Frame> frames_;
    uint32_t free_pages_ = 0;
    uint32_t all_pages_ = 0;
    uint32_t spares_ = 0;                              // the number of spare runs
    std::array<uint32_t, kSpareLengths> spare_runs_{}; // by length: one, linked by Frame::next; 0 if none
    BitmapIndex lengths_;                              // the buckets that are not empty
    std::array<uint32_t, kLongRun + 1> free_runs_{};   // by bucket: a free run of that length, 0 if none
    std::array<std::array<uint32_t, kListsPerOwner>, NPROC> owned_{}; // the first run on each list, 0 if none
};

// Both kinds of list are rings, so the head alone gives both ends.
inline void PageAllocator::link_front(uint32_t &head, uint32_t first)
{
    if (head == 0) {
        head = frames_[first].next = frames_[first].prev = first;
        return;
    }
    const uint32_t last = frames_[head].prev;
    frames_[first].next = head;
    frames_[first].prev = last;
    frames_[last].next = first;
    frames_[head].prev = first;
    head = first;
}

inline void PageAllocator::unlink(uint32_t &head, uint32_t first)
{
    const Frame &run = frames_[first];
    if (run.next == first) {
        head = 0;
        return;
    }
    frames_[run.prev].next = run.next;
    frames_[run.next].prev = run.prev;
    if (head == first)
        head = run.next;
}

// The pages of the machine.
extern PageAllocator page_allocator;

} // namespace detour
