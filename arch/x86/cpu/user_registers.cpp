// user_registers.cpp - the registers of ring-3 processes: in their frames, and in the CPU
#include "arch/x86/cpu/cpu.hpp"
#include "arch/x86/cpu/cpu_features.hpp"
#include "arch/x86/cpu/fpu.hpp"
#include "arch/x86/cpu/paging.hpp"
#include "arch/x86/cpu/segments.hpp"
#include "arch/x86/entry/first_stack.hpp"
#include "kernel/base/arch.hpp"

#include <cstring>

extern "C" {
void user_return(); // user_entry.S
void sysenter_entry();
extern const char user_return_page[];
}

namespace detour::arch
{

namespace
{

constexpr uint32_t kSysenterStack = 0x175; // model-specific registers (Intel SDM vol. 2, SYSENTER)

// The process whose FS, GS and ports are in the CPU. It may not be the one that runs: a ring-0 process leaves them
// alone.
constinit UserRegisters *in_cpu = nullptr;

// The ESP with which a ring-3 process enters the kernel: that of an empty stack, on which the CPU pushes SS first. What
// entry code keeps above that word, and the highest word, are there already.
uint32_t entry_stack_pointer(const char *highest_word)
{
    return reinterpret_cast<uint32_t>(highest_word) - (sizeof(UserFrame) - offsetof(UserFrame, ds));
}

void change_segments(UserRegisters &next)
{
    if (in_cpu == &next)
        return;
    if (in_cpu != nullptr)
        asm volatile("movw %%fs, %0; movw %%gs, %1" : "=m"(in_cpu->fs), "=m"(in_cpu->gs));
    asm volatile("movw %0, %%fs; movw %1, %%gs" : : "m"(next.fs), "m"(next.gs));
    if (next.ports != nullptr || in_cpu == nullptr || in_cpu->ports != nullptr) // most have none, as the one before
        map_ports(reinterpret_cast<const PortMap *>(next.ports));
    in_cpu = &next;
}

} // namespace

uint32_t user_argument(const UserFrame &frame, unsigned number)
{
    const Registers &r = frame.interrupted.registers;
    return number == 0 ? r.ebx : number == 1 ? r.esi : r.edi;
}

uint32_t user_instruction_pointer(const UserFrame &frame)
{
    return frame.interrupted.eip;
}

uint32_t user_frame_pointer(const UserFrame &frame)
{
    return frame.interrupted.registers.ebp;
}

uint32_t user_stack_pointer(const UserFrame &frame)
{
    return frame.esp;
}

uint32_t user_result_register(const UserFrame &frame)
{
    return frame.interrupted.registers.eax;
}

void set_user_result(UserFrame &frame, uint32_t result)
{
    frame.interrupted.registers.eax = result;
}

UserContext save_user_context(const UserFrame &frame)
{
    UserContext context;
    static_assert(sizeof context == sizeof frame.interrupted);
    InterruptFrame words = frame.interrupted;
    words.registers.esp = frame.esp; // pushal pushed the kernel's
    words.cs = SELECTOR_USER_CODE;   // of what the CPU pushed, only the lower half is the selector
    std::memcpy(context.data(), &words, sizeof context);
    return context;
}

void restore_user_context(UserFrame &frame, const UserContext &context, uint32_t stack_pointer)
{
    std::memcpy(&frame.interrupted, context.data(), sizeof context);
    frame.interrupted.cs = SELECTOR_USER_CODE;
    frame.interrupted.eflags = (frame.interrupted.eflags & EFLAGS_USER) | EFLAGS_FIXED | EFLAGS_IF;
    frame.esp = stack_pointer;
}

void redirect_user(UserFrame &frame, uint32_t eip, uint32_t stack_pointer, uint32_t eax)
{
    frame.interrupted.registers.eax = eax;
    frame.interrupted.eip = eip;
    frame.interrupted.eflags = EFLAGS_FIXED | EFLAGS_IF;
    frame.esp = stack_pointer;
}

char *prepare_user_stack(char *highest_word, uint32_t entry, uint32_t stack_pointer)
{
    auto *const base = reinterpret_cast<uint32_t *>(highest_word);
    *base = STACKMAGIC;
    UserFrame &frame = reinterpret_cast<UserFrame *>(highest_word)[-1];
    frame = {};
    frame.interrupted.eip = entry;
    frame.interrupted.cs = SELECTOR_USER_CODE;
    frame.interrupted.eflags = EFLAGS_FIXED | EFLAGS_IF;
    frame.esp = stack_pointer;
    frame.ss = frame.ds = frame.es = SELECTOR_DATA;
    return store_first_context(reinterpret_cast<uint32_t *>(&frame), reinterpret_cast<uint32_t>(&user_return), base,
                               EFLAGS_FIXED); // masked until the iret
}

void leave_user_process()
{
    main_task.state.esp0 = 0;                      // no stack: see is_from_virtual_8086()
    if (main_task.state.cr3 != kernel_directory()) // else a ring-0 process used the floating-point unit
        load_directory(kernel_directory());
}

void load_user_process(UserRegisters &next, const char *highest_word)
{
    // [lab rings 3
    load_directory(next.directory);
    // lab]
    const uint32_t esp = entry_stack_pointer(highest_word);
    main_task.state.esp0 = esp;
    if (has_sysenter())
        write_model_specific_register(kSysenterStack, esp);
    change_segments(next);
}

void load_user_ports(const UserRegisters &current)
{
    map_ports(reinterpret_cast<const PortMap *>(current.ports));
}

void forget_user_process(UserRegisters &registers)
{
    if (in_cpu == &registers)
        in_cpu = nullptr;
}

uint32_t return_page()
{
    return reinterpret_cast<uint32_t>(user_return_page);
}

} // namespace detour::arch
