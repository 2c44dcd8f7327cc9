#include "arch/x86/cpu/segments.hpp"

#include "arch/x86/cpu/cpu.hpp"
#include "kernel/base/address.hpp"
#include "kernel/base/page.h"

#include <array>

extern "C" void double_fault_entry();

namespace detour::arch
{

constinit TaskWithPorts main_task{};

namespace
{

// Segment descriptors (Intel SDM vol. 3, 3.4.5), access byte and flags nibble.
constexpr uint8_t kCodeReadable = 0x9A;
constexpr uint8_t kDataWritable = 0x92;
constexpr uint8_t kRing3 = 0x60;
constexpr uint8_t kTaskAvailable = 0x89;
constexpr uint8_t kFlat4GiB = 0xC; // 32 bit, limit in pages

constexpr uint64_t descriptor(uint32_t base, uint32_t limit, uint8_t access, uint8_t flags)
{
    return (limit & 0xFFFFULL) | (base & 0xFFFFFFULL) << 16 | uint64_t{access} << 40 | (limit >> 16 & 0xFULL) << 48 |
           uint64_t{flags} << 52 | (base >> 24 & 0xFFULL) << 56;
}

constinit TaskState double_fault_task{};
alignas(16) constinit std::array<uint8_t, kPageBytes> double_fault_stack{};

constinit std::array<uint64_t, 7> gdt{0,
                                      descriptor(0, 0xFFFFF, kCodeReadable, kFlat4GiB),
                                      descriptor(0, 0xFFFFF, kDataWritable, kFlat4GiB),
                                      descriptor(0, 0xFFFFF, kCodeReadable | kRing3, kFlat4GiB),
                                      descriptor(0, 0xFFFFF, kDataWritable | kRing3, kFlat4GiB),
                                      0,
                                      0};

uint64_t task_descriptor(const TaskState &task, uint32_t bytes)
{
    return descriptor(address_of(&task), bytes - 1, kTaskAvailable, 0);
}

void prepare_double_fault_task()
{
    TaskState &task = double_fault_task;
    task.eip = reinterpret_cast<uint32_t>(&double_fault_entry);
    task.esp = reinterpret_cast<uint32_t>(double_fault_stack.data() + double_fault_stack.size());
    task.eflags = EFLAGS_FIXED;
    task.cs = SELECTOR_KERNEL_CODE;
    task.ss = SELECTOR_KERNEL_STACK;
    task.ds = task.es = task.fs = task.gs = SELECTOR_DATA;
    task.io_map_base = sizeof task;
}

} // namespace

void segments_initialize()
{
    prepare_double_fault_task();
    // [lab rings 4
    main_task.state.ss0 = SELECTOR_KERNEL_STACK;
    // lab]
    main_task.state.io_map_base = kMainTaskBytes;
    main_task.end = 0xFF;
    gdt[SELECTOR_MAIN_TASK / 8] = task_descriptor(main_task.state, kMainTaskBytes);
    gdt[SELECTOR_DOUBLE_FAULT / 8] = task_descriptor(double_fault_task, sizeof double_fault_task);

    const TablePointer pointer{sizeof gdt - 1, gdt.data()};
    asm volatile("lgdt %[pointer]\n\t"
                 "ljmp %[code], $1f\n"
                 "1:\tmovl %[data], %%ds\n\t"
                 "movl %[data], %%es\n\t"
                 "movl %[data], %%fs\n\t"
                 "movl %[data], %%gs\n\t"
                 "movl %[stack], %%ss\n\t"
                 "lldt %w[no_ldt]\n\t"
                 "ltr %w[task]"
                 :
                 : [pointer] "m"(pointer), [code] "i"(SELECTOR_KERNEL_CODE), [data] "r"(SELECTOR_DATA),
                   [stack] "r"(SELECTOR_KERNEL_STACK), [no_ldt] "r"(0), [task] "r"(SELECTOR_MAIN_TASK)
                 : "memory");
}

void segments_set_page_directory(uint32_t page_directory)
{
    double_fault_task.cr3 = page_directory;
}

} // namespace detour::arch
