#include "arch/x86/fault/exception_frame.hpp"

#include "arch/x86/entry/vectors.hpp"
#include "kernel/base/address.hpp"
#include "kernel/sched/stack.hpp"

extern "C" {
extern const uint32_t interrupt_entry_table[256]; // entry.S, as the next three
extern const char vector_stubs[], vector_stubs_end[];
void exception_entry();
}

namespace detour::arch
{

namespace
{

constexpr uint32_t kWord = sizeof(uint32_t);
constexpr uint32_t kFrameOfCpu = 3; // EIP, CS, EFLAGS

// What lies between the ESP that pushal saves and that of the interrupted code; print_registers() adds it.
constexpr uint32_t kAboveStub = EXCEPTION_FRAME_BYTES - EXCEPTION_FRAME_VECTOR;

ExceptionFrame with_stack_pointer(ExceptionFrame frame, uint32_t esp)
{
    frame.registers.esp = esp - kAboveStub;
    return frame;
}

// What iret would go back to.
struct Interrupted {
    uint32_t eip, cs, eflags;
    uint32_t esp;
};

bool is_entry_stub(uint32_t eip)
{
    return eip == address_of(&exception_entry) ||
           (eip >= address_of(vector_stubs) && eip < address_of(vector_stubs_end));
}

// How many words lie between ESP and the frame of the CPU when a push of an entry stub faults. Each stub has two, of
// which the first, of a 0, is left out where the CPU pushed an error code; then comes pushal.
uint32_t words_below_frame(uint32_t eip)
{
    if (eip == address_of(&exception_entry))
        return 2;
    for (uint32_t vector = 0; vector < 256; ++vector)
        if (interrupt_entry_table[vector] == eip)
            return VECTOR_HAS_ERROR_CODE(vector) ? 1 : 0;
    return 1;
}

// Steps from the stub to what it interrupted. That may be a stub again: the page fault of a push may find room for its
// own frame, and then none for pushal. False, with nothing changed, if the frame is not on a stack, or not aligned.
bool leave_stub(Interrupted &at)
{
    const StackView stack = stack_holding(at.esp);
    const uint32_t frame = at.esp + words_below_frame(at.eip) * kWord;
    const uint32_t index = (frame - stack.low) / kWord;
    if (frame % kWord != 0 || index + kFrameOfCpu > stack.words.size())
        return false;
    at = {stack.words[index], stack.words[index + 1], stack.words[index + 2], frame + kFrameOfCpu * kWord};
    return true;
}

} // namespace

// EFLAGS alone would not do: after an `int n` without error code its place holds another word.
bool is_from_virtual_8086(const ExceptionFrame &as_pushed)
{
    const uint32_t end = address_of(&as_pushed) + sizeof(Virtual8086ExceptionFrame);
    return is_virtual_8086(as_pushed) && end == interrupted_task().esp0;
}

ExceptionFrame as_interrupted(const ExceptionFrame &frame)
{
    if (is_from_virtual_8086(frame) || is_from_ring3(frame))
        return with_stack_pointer(frame, reinterpret_cast<const UserExceptionFrame &>(frame).esp);
    return frame;
}

ExceptionFrame frame_of_double_fault(const TaskState &task)
{
    Interrupted at{task.eip, task.cs, task.eflags, task.esp};
    while (is_entry_stub(at.eip) && leave_stub(at)) {
    }
    return {{task.edi, task.esi, task.ebp, at.esp - kAboveStub, task.ebx, task.edx, task.ecx, task.eax},
            kDoubleFaultVector,
            0,
            at.eip,
            at.cs,
            at.eflags};
}

} // namespace detour::arch
