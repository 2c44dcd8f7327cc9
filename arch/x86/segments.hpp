// segments.hpp - GDT and task state segments
#pragma once

#include <cstdint>

namespace detour::arch
{

// Task state segment (Intel SDM vol. 3, 8.2.1). The CPU fills it when a task is switched away from.
struct TaskState {
    std::uint32_t back_link;
    std::uint32_t esp0, ss0;
    std::uint32_t esp1, ss1;
    std::uint32_t esp2, ss2;
    std::uint32_t cr3, eip, eflags;
    std::uint32_t eax, ecx, edx, ebx, esp, ebp, esi, edi;
    std::uint32_t es, cs, ss, ds, fs, gs;
    std::uint32_t ldt;
    std::uint16_t trap, io_map_base;
};
static_assert(sizeof(TaskState) == 104);

// What lgdt and lidt read: the table's last valid offset and its address (Intel SDM vol. 3, figure 2-6).
struct [[gnu::packed]] TablePointer {
    std::uint16_t limit;
    const void *base;
};

// Loads the GDT, flat segments and the task register.
void segments_initialize();

// The double fault's task, to be pointed at by a task gate. Its CR3 is set by segments_set_page_directory().
constexpr std::uint16_t kDoubleFaultSelector = 0x20;
void segments_set_page_directory(std::uint32_t page_directory);

// What the CPU saved of the code that was interrupted by the double fault; changed, it is where iret goes on.
TaskState &interrupted_task();

} // namespace detour::arch
