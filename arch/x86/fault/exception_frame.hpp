// exception_frame.hpp - the frame of the interrupted code, also where the CPU has left it in another form
#pragma once

#include "arch/x86/cpu/segments.hpp"
#include "arch/x86/entry/frames.h"

namespace detour::arch
{

// Added to the vector of a frame that an `int n` has made where a fault brings an error code: there it is no
// fault.
constexpr std::uint32_t kIntInstruction = 256;

// Whether the CPU was in virtual-8086 mode. as_pushed: the frame where entry.S has left it, since its place
// tells. Only a ring-3 process comes from there this way: of a ring-0 process it makes a double fault, as
// esp0 is 0.
bool is_from_virtual_8086(const ExceptionFrame &as_pushed);

// What entry.S has left, put right. `int n` pushes no error code, so for the vectors with one the words are
// shifted. From ring 3 the interrupted ESP is not where pushal was, but behind the frame. Only then does
// print_registers() tell the truth.
ExceptionFrame as_interrupted(const ExceptionFrame &frame);

// The frame of a double fault, from what the CPU has saved of the interrupted task. If that was an entry stub
// whose pushes did not fit the stack, the frame is that of the code that the stub had interrupted.
// has_error_code: false for an `int $8`.
ExceptionFrame frame_of_double_fault(const TaskState &task, bool has_error_code);

} // namespace detour::arch
