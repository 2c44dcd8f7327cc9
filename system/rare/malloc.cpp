// malloc.cpp - the calls of C for memory, which comes from getmem(): it is freed when its process ends
#include "include/libc/stdlib.h"

#include <xinu.h>

namespace
{

// What stands before a block. Blocks of getmem() are aligned to 8 bytes, and so are those behind it.
struct Header {
    uint32 bytes; // with the header
    uint32 mark;
};

constexpr uint32 kMark = 0x6D616C6C;

Header *header_of(void *block)
{
    return static_cast<Header *>(block) - 1;
}

void *allocate(size_t bytes)
{
    if (bytes > UINT32_MAX - sizeof(Header))
        return nullptr;
    const uint32 all = bytes + sizeof(Header);
    char *const block = getmem(all);
    if (reinterpret_cast<int32>(block) == SYSERR)
        return nullptr;
    Header *const header = reinterpret_cast<Header *>(block);
    *header = {all, kMark};
    return header + 1;
}

} // namespace

extern "C" {

[[gnu::weak]] void *malloc(size_t bytes) noexcept
{
    return allocate(bytes);
}

[[gnu::weak]] void free(void *block) noexcept
{
    if (block == nullptr || header_of(block)->mark != kMark)
        return;
    Header *const header = header_of(block);
    header->mark = 0;
    freemem(reinterpret_cast<char *>(header), header->bytes);
}

[[gnu::weak]] void *calloc(size_t count, size_t size) noexcept
{
    if (size != 0 && count > UINT32_MAX / size)
        return nullptr;
    void *const block = allocate(count * size);
    return block == nullptr ? nullptr : memset(block, 0, count * size);
}

[[gnu::weak]] void *realloc(void *block, size_t bytes) noexcept
{
    if (block == nullptr)
        return allocate(bytes);
    if (header_of(block)->mark != kMark)
        return nullptr;
    const uint32 before = header_of(block)->bytes - sizeof(Header);
    void *const other = allocate(bytes);
    if (other != nullptr) {
        memcpy(other, block, before < bytes ? before : bytes);
        free(block);
    }
    return other;
}
}
