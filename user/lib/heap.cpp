// heap.cpp - getmem() and freemem() in ring 3: first fit from a list of free blocks, which sbrk() extends
//
// The list is in address order, and adjacent blocks are merged. A callback that interrupts these functions must not see
// the list half changed: calls from it then return SYSERR.
#include <xinu.h>

#include <utility>

namespace
{

constexpr uint32 kAlignment = 8;
constexpr uint32 kLeastGrowth = 4096;
constexpr uint32 kMaxBytes = USER_HEAP_END - USER_BEGIN;

struct FreeBlock {
    FreeBlock *next;
    uint32 bytes; // a multiple of kAlignment, including this header
};
static_assert(sizeof(FreeBlock) == kAlignment);

constinit FreeBlock head{nullptr, 0}; // lies below the heap, as all variables do
constinit char *heap_begin = nullptr;
constinit bool busy = false;

// Held while the list is in use; false if the interrupted code already uses it.
class Claim
{
public:
    Claim() : claimed_(!std::exchange(busy, true)) { asm volatile("" ::: "memory"); }
    ~Claim()
    {
        asm volatile("" ::: "memory");
        if (claimed_)
            busy = false;
    }
    Claim(const Claim &) = delete;
    Claim &operator=(const Claim &) = delete;
    explicit operator bool() const { return claimed_; }

private:
    bool claimed_;
};

char *error()
{
    return reinterpret_cast<char *>(SYSERR);
}

char *address_of(FreeBlock *block)
{
    return reinterpret_cast<char *>(block);
}

char *end_of(FreeBlock *block)
{
    return address_of(block) + block->bytes;
}

// `bytes` rounded up to the alignment; 0 if no block can have that size.
uint32 rounded(uint32 bytes)
{
    return bytes > kMaxBytes ? 0 : (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

// Returns nullptr if no free block is large enough.
char *take(uint32 bytes)
{
    for (FreeBlock *before = &head; before->next != nullptr; before = before->next) {
        FreeBlock *const block = before->next;
        if (block->bytes < bytes)
            continue;
        block->bytes -= bytes;
        if (block->bytes == 0)
            before->next = block->next;
        return end_of(block);
    }
    return nullptr;
}

void join_next(FreeBlock *block)
{
    if (block == &head || block->next == nullptr || end_of(block) != address_of(block->next))
        return;
    block->bytes += block->next->bytes;
    block->next = block->next->next;
}

// Inserts a free block. Returns false, with nothing changed, if a part of it is already free.
bool put(char *memory, uint32 bytes)
{
    FreeBlock *before = &head;
    while (before->next != nullptr && address_of(before->next) < memory)
        before = before->next;
    if ((before != &head && end_of(before) > memory) ||
        (before->next != nullptr && memory + bytes > address_of(before->next)))
        return false;
    auto *const block = reinterpret_cast<FreeBlock *>(memory);
    *block = {before->next, bytes};
    before->next = block;
    join_next(block);
    join_next(before);
    return true;
}

bool grow(uint32 bytes)
{
    const uint32 growth = bytes > kLeastGrowth ? bytes : kLeastGrowth;
    char *const begin = sbrk(static_cast<int32>(growth + kAlignment)); // the program may have left the end unaligned
    if (begin == error())
        return false;
    char *const aligned = begin + (0 - reinterpret_cast<uint32>(begin)) % kAlignment;
    if (heap_begin == nullptr)
        heap_begin = aligned;
    return put(aligned, growth);
}

} // namespace

char *getmem(uint32 nbytes)
{
    const Claim claim;
    const uint32 bytes = rounded(nbytes);
    if (!claim || bytes == 0)
        return error();
    char *block = take(bytes);
    if (block == nullptr && grow(bytes))
        block = take(bytes);
    return block != nullptr ? block : error();
}

syscall freemem(char *block, uint32 nbytes)
{
    const Claim claim;
    const uint32 bytes = rounded(nbytes);
    if (!claim || bytes == 0 || reinterpret_cast<uint32>(block) % kAlignment != 0)
        return SYSERR;
    char *const heap_end = sbrk(0);
    if (heap_begin == nullptr || block < heap_begin || block > heap_end ||
        bytes > static_cast<uint32>(heap_end - block))
        return SYSERR;
    return put(block, bytes) ? OK : SYSERR;
}
