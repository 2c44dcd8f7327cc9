#include "kernel/device/disk.hpp"

#include "kernel/base/arch.hpp"
#include "kernel/process/semaphore.hpp"

#include <array>
#include <cstring>

namespace detour
{

namespace
{

using arch::DiskCommand;
using arch::DiskState;

constexpr uint32_t kBlockBytes = 512;

constinit char *memory = nullptr; // the disk, if it is not an IDE disk
constinit uint32_t memory_blocks = 0;

// The command that the IDE disk executes, or has executed. A sector is read to here: its process may have ended.
constinit DiskState state = DiskState::kDone;
constinit std::array<char, kBlockBytes> sector{};

void await_end()
{
    while (state == DiskState::kBusy) {
        if (current_id() == kNullProcess)
            state = arch::disk_poll(sector.data());
        else if (!take_or_wait(kDiskDone))
            resched();
    }
}

bool execute(DiskCommand command, uint32_t block, const void *data)
{
    await_end(); // of the command of a process that was ended
    if (!arch::disk_begin(command, block, data))
        return false;
    state = DiskState::kBusy;
    await_end();
    return state == DiskState::kDone;
}

char *in_memory(uint32_t block)
{
    return memory + block * kBlockBytes;
}

} // namespace

void disk_use_memory(char *begin, uint32_t blocks)
{
    memory = begin;
    memory_blocks = blocks;
}

bool disk_is_memory()
{
    return memory != nullptr;
}

uint32_t disk_blocks()
{
    return memory != nullptr ? memory_blocks : arch::disk_blocks();
}

bool disk_read(uint32_t block, void *to)
{
    if (memory == nullptr && !execute(DiskCommand::kRead, block, nullptr))
        return false;
    std::memcpy(to, memory != nullptr ? in_memory(block) : sector.data(), kBlockBytes);
    return true;
}

bool disk_write(uint32_t block, const void *from)
{
    if (memory == nullptr)
        return execute(DiskCommand::kWrite, block, from);
    std::memcpy(in_memory(block), from, kBlockBytes);
    return true;
}

bool disk_flush()
{
    return memory != nullptr || execute(DiskCommand::kFlush, 0, nullptr);
}

// The count is never above 0: a process that finds the disk busy waits.
bool disk_interrupt()
{
    if (state != DiskState::kBusy)
        return false;
    state = arch::disk_poll(sector.data());
    return state != DiskState::kBusy && semtab[kDiskDone].scount < 0 && signal_one(kDiskDone);
}

} // namespace detour
