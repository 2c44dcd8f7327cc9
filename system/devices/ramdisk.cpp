// ramdisk.cpp - RAM0: a disk whose blocks are an array
#include <xinu.h>

#include <algorithm>

namespace
{

struct Block {
    char bytes[RM_BLKSIZ];
};
constinit Block blocks[RM_BLKS]{};

} // namespace

// Copies of one block are not interleaved with others: a block is written as a whole, as on a disk. The caller's memory
// is touched outside, where a fault is the caller's alone.
devcall ramread(dentry *, void *buffer, uint32 block)
{
    if (block >= RM_BLKS)
        return SYSERR;
    const intmask mask = disable();
    const Block copy = blocks[block];
    restore(mask);
    *static_cast<Block *>(buffer) = copy;
    return OK;
}

devcall ramwrite(dentry *, const void *buffer, uint32 block)
{
    if (block >= RM_BLKS)
        return SYSERR;
    const Block copy = *static_cast<const Block *>(buffer);
    const intmask mask = disable();
    blocks[block] = copy;
    restore(mask);
    return OK;
}
