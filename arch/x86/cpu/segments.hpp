// segments.hpp - GDT and task state segments
#pragma once

#include "kernel/base/page.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace detour::arch
{

// Task state segment (Intel SDM vol. 3, 8.2.1). The CPU fills it when a task is switched away from.
struct TaskState {
    uint32_t back_link;
    uint32_t esp0, ss0;
    uint32_t esp1, ss1;
    uint32_t esp2, ss2;
    uint32_t cr3, eip, eflags;
    uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
    uint32_t es, cs, ss, ds, fs, gs;
    uint32_t ldt;
    uint16_t trap, io_map_base;
};
static_assert(sizeof(TaskState) == 104);

// What lgdt and lidt read: the table's last valid offset and its address (Intel SDM vol. 3, figure 2-6).
struct [[gnu::packed]] TablePointer {
    uint16_t limit;
    const void *base;
};

// A bit per I/O port: ring 3 may touch a port whose bit is 0.
using PortMap = std::array<uint8_t, 65536 / 8>;

// The task in which all processes run. The CPU takes from it the stack when it changes to ring 0, and asks its map for
// every port that ring 3 touches; the byte behind the map must be all ones (Intel SDM vol. 1, 19.5.2). The map begins
// on a page: that of a process is mapped here, not copied.
struct alignas(kPageBytes) TaskWithPorts {
    std::array<uint8_t, kPageBytes - sizeof(TaskState)> unused;
    TaskState state;
    PortMap ports;
    uint8_t end;
};
static_assert(offsetof(TaskWithPorts, ports) == kPageBytes);

// Of the segment, which begins with the state.
constexpr uint16_t kPortsOffset = sizeof(TaskState);
constexpr uint16_t kMainTaskBytes = kPortsOffset + sizeof(PortMap) + 1;
extern TaskWithPorts main_task;

// Loads the GDT, flat segments and the task register.
void segments_initialize();

// The directory under which the double fault's task runs: the kernel's.
void segments_set_page_directory(uint32_t page_directory);

// What the CPU saved of the code that was interrupted by the double fault; changed, it is where iret goes on.
inline TaskState &interrupted_task()
{
    return main_task.state;
}

} // namespace detour::arch
