#include "kernel/user/space.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/assert.hpp"
#include "kernel/memory/memory.hpp"
#include "kernel/process/account.hpp"
#include "kernel/process/remains.hpp"
#include "kernel/sched/address_space.hpp"
#include "kernel/sched/window.hpp"

#include <xinu/userspace.h>

#include <algorithm>
#include <cstring>

namespace detour
{

constinit std::array<UserSpace, NPROC> user_spaces{};

namespace
{

constexpr uint32_t kPortMapBytes = 65536 / 8;
constexpr uint32_t kPortsAtOnce = 64;

// Written at a time with interrupts masked: a few instructions a byte if they are not aligned.
constexpr uint32_t kBytesAtOnce = 256;

std::byte *at(uint32_t physical)
{
    return reinterpret_cast<std::byte *>(static_cast<uintptr_t>(physical));
}

// write(from, to): a piece of [0, bytes).
template <typename Write> void in_pieces(uint32_t bytes, bool enabled, Write &&write)
{
    for (uint32_t from = 0; from < bytes; from += kBytesAtOnce) {
        write(from, std::min(from + kBytesAtOnce, bytes));
        let_interrupts_in(enabled);
    }
}

void copy(uint32_t to, const std::byte *from, uint32_t bytes, bool enabled)
{
    in_pieces(bytes, enabled,
              [&](uint32_t begin, uint32_t end) { std::memcpy(at(to + begin), from + begin, end - begin); });
}

void fill(uint32_t to, int value, uint32_t bytes, bool enabled)
{
    in_pieces(bytes, enabled, [&](uint32_t begin, uint32_t end) { std::memset(at(to + begin), value, end - begin); });
}

// Allocates contiguous pages for a process and charges them. Returns the physical address; 0 if either fails.
uint32_t charged_pages(ProcessId pid, FrameKind kind, uint32_t pages)
{
    if (!may_charge_pages(pid, pages))
        return 0;
    const uint32_t first = page_allocator.allocate(pages, kind, pid);
    if (first != 0)
        charge_pages(pid, pages);
    return first * kPageBytes;
}

// The same, zeroed. Interrupts are taken after each page, because many pages take longer than a tick. That is safe:
// only the process itself, or its creator, changes its mappings, and if the process is ended here, all its pages are
// found by their owner.
uint32_t new_pages(ProcessId pid, FrameKind kind, bool enabled, uint32_t pages = 1)
{
    const uint32_t physical = attempt_with_remains(enabled, [&] { return charged_pages(pid, kind, pages); });
    for (uint32_t page = 0; page < pages && physical != 0; ++page) {
        arch::clear_page(physical + page * kPageBytes);
        let_interrupts_in(enabled);
    }
    return physical;
}

void give_page_back(ProcessId pid, uint32_t physical)
{
    page_allocator.release(physical / kPageBytes, FrameKind::kUserPage);
    return_pages(pid, 1);
}

bool map_page(ProcessId pid, uint32_t address, uint32_t physical, bool writable, bool enabled)
{
    DEBUG_ASSERT(address % kPageBytes == 0 && physical % kPageBytes == 0);
    DEBUG_ASSERT(address >= USER_BEGIN && address < USER_END);
    const uint32_t directory = user_registers[pid].directory;
    DEBUG_ASSERT(directory != 0);
    if (!arch::has_user_table(directory, address)) {
        const uint32_t table = new_pages(pid, FrameKind::kPageTable, enabled);
        if (table == 0)
            return false;
        arch::add_user_table(directory, address, table);
    }
    arch::map_user_page(directory, address, physical, writable);
    return true;
}

// Maps a new page at this address. Returns its physical address; 0 if memory runs out.
uint32_t add_page(ProcessId pid, uint32_t address, bool writable, bool enabled)
{
    const uint32_t physical = new_pages(pid, FrameKind::kUserPage, enabled);
    if (physical == 0 || map_page(pid, address, physical, writable, enabled))
        return physical;
    give_page_back(pid, physical);
    return 0;
}

bool add_segment(ProcessId pid, std::span<const std::byte> file, const Segment &segment, bool enabled)
{
    const uint32_t end = segment.end();
    const uint32_t file_end = segment.address + segment.file_bytes;
    for (uint32_t page = segment.address / kPageBytes * kPageBytes; page < end; page += kPageBytes) {
        const uint32_t physical = add_page(pid, page, segment.writable, enabled);
        if (physical == 0)
            return false;
        const uint32_t from = std::max(page, segment.address);
        const uint32_t to = std::min(page + kPageBytes, file_end);
        if (from < to)
            copy(physical + from % kPageBytes, file.data() + segment.file_offset + (from - segment.address), to - from,
                 enabled);
    }
    return true;
}

bool add_program(ProcessId pid, std::span<const std::byte> file, const Executable &executable, bool enabled)
{
    for (const Segment &segment : executable.segments()) {
        if (!add_segment(pid, file, segment, enabled))
            return false;
        if (segment.executable && segment.contains(executable.entry))
            user_spaces[pid].code = {segment.address, segment.end()};
    }
    return true;
}

// The address range below the stack stays unmapped, as its guard.
bool add_stack(ProcessId pid, bool enabled)
{
    for (uint32_t page = USER_STACK_END - USER_STACK_BYTES; page < USER_STACK_END; page += kPageBytes)
        if (add_page(pid, page, true, enabled) == 0)
            return false;
    return true;
}

// Maps the kernel pages that all ring-3 processes may read.
bool add_shared_pages(ProcessId pid, bool enabled)
{
    for (uint32_t offset = 0; offset < sizeof window; offset += kPageBytes) {
        if (!map_page(pid, USER_WINDOW + offset, address_of(&window) + offset, false, enabled))
            return false;
        let_interrupts_in(enabled);
    }
    return map_page(pid, USER_CBFMANAGER, arch::return_page(), false, enabled);
}

void release_pages(ProcessId pid, uint32_t from, uint32_t to)
{
    const uint32_t directory = user_registers[pid].directory;
    for (uint32_t page = from; page < to; page += kPageBytes) {
        give_page_back(pid, arch::user_page(directory, page, true));
        arch::unmap_user_page(directory, page);
        let_interrupts_in(true);
    }
}

constexpr uint32_t page_above(uint32_t address)
{
    return (address + kPageBytes - 1) / kPageBytes * kPageBytes;
}

// Whether this many pages are available now. Checked before any page is cleared: a request that cannot succeed must not
// delay the clock.
bool may_have_pages(ProcessId pid, uint32_t pages)
{
    return pages <= page_allocator.free_pages() && may_charge_pages(pid, pages);
}

// Clears the rest of the last page, so that it is zero when the heap grows again.
void shrink_heap(ProcessId pid, uint32_t new_end, uint32_t mapped_end)
{
    const uint32_t first_page = page_above(new_end);
    release_pages(pid, first_page, mapped_end);
    if (new_end < first_page) {
        const uint32_t page = arch::user_page(user_registers[pid].directory, new_end, true);
        fill(page + new_end % kPageBytes, 0, first_page - new_end, true);
    }
}

} // namespace

bool build_user_space(ProcessId pid, const Program &program, const Executable &executable, bool enabled)
{
    const uint32_t directory = new_pages(pid, FrameKind::kPageTable, enabled);
    if (directory == 0)
        return false;
    arch::initialize_directory(directory);
    user_registers[pid].directory = directory;
    let_interrupts_in(enabled);
    const uint32_t heap = page_above(executable.end());
    user_spaces[pid] = {.program = &program, .heap_begin = heap, .heap_end = heap};
    return add_program(pid, program.file(), executable, enabled) && add_stack(pid, enabled) &&
           add_shared_pages(pid, enabled);
}

uint32_t highest_stack_page(ProcessId pid)
{
    return arch::user_page(user_registers[pid].directory, USER_STACK_END - kPageBytes, true);
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
    if (new_end > mapped &&
        !attempt_with_remains(true, [&] { return may_have_pages(pid, (new_end - mapped) / kPageBytes); }))
        return 0;
    for (uint32_t page = mapped; page < new_end; page += kPageBytes) {
        if (add_page(pid, page, true, true) == 0) {
            release_pages(pid, mapped, page);
            return 0;
        }
    }
    if (new_end < old_end)
        shrink_heap(pid, new_end, mapped);
    space.heap_end = new_end;
    DEBUG_ASSERT(space.heap_begin <= space.heap_end && space.heap_end <= USER_HEAP_END);
    return old_end;
}

bool permit_ports(uint32_t first, uint32_t count, bool on)
{
    arch::UserRegisters &registers = user_registers[current_id()];
    if (first > 0xFFFF || count > 0x10000 - first)
        return false;
    if (registers.ports == nullptr) {
        const uint32_t map = new_pages(current_id(), FrameKind::kPortMap, true, kPortMapBytes / kPageBytes);
        if (map == 0)
            return false;
        fill(map, 0xFF, kPortMapBytes, true);
        registers.ports = reinterpret_cast<uint8_t *>(at(map));
        arch::load_user_ports(registers);
    }
    uint8_t *const map = registers.ports;
    for (uint32_t port = first; port < first + count; ++port) {
        map[port / 8] = static_cast<uint8_t>(on ? map[port / 8] & ~(1U << port % 8) : map[port / 8] | 1U << port % 8);
        if (port % kPortsAtOnce == 0)
            let_interrupts_in(true);
    }
    return true;
}

} // namespace detour
