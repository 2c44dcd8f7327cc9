#include "kernel/user_space.hpp"

#include "kernel/address.hpp"
#include "kernel/memory.hpp"
#include "kernel/process_table.hpp"
#include "kernel/window.hpp"

#include <xinu/userspace.h>

#include <algorithm>
#include <cstring>

namespace detour
{

constinit std::array<UserSpace, NPROC> user_spaces{};
constinit uint32_t loaded_directory = 0;

namespace
{

constexpr uint32_t kPortMapBytes = 65536 / 8;

std::byte *at(uint32_t physical)
{
    return reinterpret_cast<std::byte *>(static_cast<uintptr_t>(physical));
}

// Pages for a process, neighbours and zeroed; 0 when there are none.
uint32_t new_pages(ProcessId pid, FrameKind kind, uint32_t pages = 1)
{
    const uint32_t physical = page_allocator.allocate(pages, kind, pid) * kPageSize;
    if (physical != 0)
        std::memset(at(physical), 0, pages * kPageSize);
    return physical;
}

bool map_page(ProcessId pid, uint32_t address, uint32_t physical, bool writable)
{
    const uint32_t directory = user_spaces[pid].registers.directory;
    if (!arch::has_user_table(directory, address)) {
        const uint32_t table = new_pages(pid, FrameKind::PageTable);
        if (table == 0)
            return false;
        arch::add_user_table(directory, address, table);
    }
    arch::map_user_page(directory, address, physical, writable);
    return true;
}

// A new page at this address. Returns where it is; 0 when memory runs out.
uint32_t add_page(ProcessId pid, uint32_t address, bool writable)
{
    const uint32_t physical = new_pages(pid, FrameKind::UserPage);
    if (physical == 0 || map_page(pid, address, physical, writable))
        return physical;
    page_allocator.release(physical / kPageSize, FrameKind::UserPage);
    return 0;
}

bool add_segment(ProcessId pid, std::span<const std::byte> file, const Segment &segment)
{
    const uint32_t end = segment.end();
    const uint32_t file_end = segment.address + segment.file_bytes;
    for (uint32_t page = segment.address / kPageSize * kPageSize; page < end; page += kPageSize) {
        const uint32_t physical = add_page(pid, page, segment.writable);
        if (physical == 0)
            return false;
        const uint32_t from = std::max(page, segment.address);
        const uint32_t to = std::min(page + kPageSize, file_end);
        if (from < to)
            std::memcpy(at(physical + from % kPageSize),
                        file.data() + segment.file_offset + (from - segment.address), to - from);
    }
    return true;
}

bool add_program(ProcessId pid, std::span<const std::byte> file, const Executable &executable)
{
    for (const Segment &segment : executable.segments()) {
        if (!add_segment(pid, file, segment))
            return false;
        if (segment.executable && segment.contains(executable.entry))
            user_spaces[pid].code = {segment.address, segment.end()};
    }
    return true;
}

// No page lies below the stack: that is its guard.
bool add_stack(ProcessId pid)
{
    for (uint32_t page = USER_STACK_END - USER_STACK_BYTES; page < USER_STACK_END; page += kPageSize)
        if (add_page(pid, page, true) == 0)
            return false;
    return true;
}

// Pages of the kernel that all ring-3 processes may read.
bool add_shared_pages(ProcessId pid)
{
    for (uint32_t offset = 0; offset < sizeof window; offset += kPageSize)
        if (!map_page(pid, USER_WINDOW + offset, address_of(&window) + offset, false))
            return false;
    return map_page(pid, USER_CBFMANAGER, arch::return_page(), false);
}

// Between pages: what is large takes longer than a tick. Nobody but the process itself changes its mappings,
// and should it be ended here, all that it has is found by its owner.
void let_interrupts_in()
{
    arch::enable_interrupts();
    arch::mask_interrupts();
}

void release_pages(ProcessId pid, uint32_t from, uint32_t to)
{
    const uint32_t directory = user_spaces[pid].registers.directory;
    for (uint32_t page = from; page < to; page += kPageSize) {
        page_allocator.release(arch::user_page(directory, page, true) / kPageSize, FrameKind::UserPage);
        arch::unmap_user_page(directory, page);
        let_interrupts_in();
    }
}

constexpr uint32_t page_above(uint32_t address)
{
    return (address + kPageSize - 1) / kPageSize * kPageSize;
}

// What lies behind the new end is zero when the heap grows again.
void shrink_heap(ProcessId pid, uint32_t new_end, uint32_t mapped_end)
{
    const uint32_t first_page = page_above(new_end);
    release_pages(pid, first_page, mapped_end);
    if (new_end < first_page) {
        const uint32_t page = arch::user_page(user_spaces[pid].registers.directory, new_end, true);
        std::memset(at(page + new_end % kPageSize), 0, first_page - new_end);
    }
}

} // namespace

bool build_user_space(ProcessId pid, const Program &program, const Executable &executable)
{
    UserSpace &space = user_spaces[pid];
    space.registers.directory = new_pages(pid, FrameKind::PageTable);
    if (space.registers.directory == 0)
        return false;
    arch::initialize_directory(space.registers.directory);
    space.program = &program;
    space.heap_begin = space.heap_end = page_above(executable.end());
    return add_program(pid, program.file(), executable) && add_stack(pid) && add_shared_pages(pid);
}

uint32_t highest_stack_page(ProcessId pid)
{
    return arch::user_page(user_spaces[pid].registers.directory, USER_STACK_END - kPageSize, true);
}

void release_user_space(ProcessId pid)
{
    UserSpace &space = user_spaces[pid];
    if (space.registers.directory != 0 && pid == current_id())
        load_user_space(kNullProcess);
    arch::forget_user_process(space.registers);
    page_allocator.release_owned(pid, FrameKind::UserPage);
    page_allocator.release_owned(pid, FrameKind::PageTable);
    space = {};
}

uint32_t move_heap_end(int32_t increment)
{
    const ProcessId pid = current_id();
    UserSpace &space = user_spaces[pid];
    const uint32_t old_end = space.heap_end;
    const int64_t wanted = int64_t{old_end} + increment;
    if (wanted < space.heap_begin || wanted > USER_HEAP_END)
        return 0;
    const auto new_end = static_cast<uint32_t>(wanted);
    const uint32_t mapped = page_above(old_end);
    // Known before any page is cleared: interrupts are masked, and a hopeless wish must not hold the clock
    // off.
    if (new_end > mapped && (new_end - mapped) / kPageSize > page_allocator.free_pages())
        return 0;
    for (uint32_t page = mapped; page < new_end; page += kPageSize) {
        if (add_page(pid, page, true) == 0) {
            release_pages(pid, mapped, page);
            return 0;
        }
        let_interrupts_in();
    }
    if (new_end < old_end)
        shrink_heap(pid, new_end, mapped);
    space.heap_end = new_end;
    return old_end;
}

bool permit_ports(uint32_t first, uint32_t count, bool on)
{
    UserSpace &space = user_spaces[current_id()];
    if (first > 0xFFFF || count > 0x10000 - first)
        return false;
    if (space.registers.ports == nullptr) {
        const uint32_t map = new_pages(current_id(), FrameKind::PageTable, kPortMapBytes / kPageSize);
        if (map == 0)
            return false;
        std::memset(at(map), 0xFF, kPortMapBytes);
        space.registers.ports = reinterpret_cast<const uint8_t *>(at(map));
    }
    auto *const map = const_cast<uint8_t *>(space.registers.ports);
    for (uint32_t port = first; port < first + count; ++port)
        map[port / 8] =
            static_cast<uint8_t>(on ? map[port / 8] & ~(1U << port % 8) : map[port / 8] | 1U << port % 8);
    arch::load_user_ports(space.registers);
    return true;
}

} // namespace detour
