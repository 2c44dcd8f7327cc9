// exception_frame.hpp - the frame of the interrupted code, also where the CPU saves it in another form
#pragma once

#include "arch/x86/cpu/segments.hpp"
#include "arch/x86/entry/frames.h"

namespace detour::arch
{

// Whether the CPU was in virtual-8086 mode. as_pushed: the frame where entry.S pushed it, since its place tells. Only a
// ring-3 process comes from there this way: of a ring-0 process it makes a double fault, as esp0 is 0.
bool is_from_virtual_8086(const ExceptionFrame &as_pushed);

// The frame as entry.S pushed it, normalised: from ring 3 the interrupted ESP is not where pushal was, but behind the
// frame. An `int n` of ring 0 for a vector with an error code pushes none; in its frame the words from `error` on are
// shifted by one.
ExceptionFrame as_interrupted(const ExceptionFrame &frame);

// Whether the process is to blame for this exception, and not the kernel: the table at the beginning of exception.cpp.
bool is_process_fault(const ExceptionFrame &frame);

// The frame of a double fault, from what the CPU saved of the interrupted task. If that was an entry stub whose pushes
// did not fit the stack, the frame is that of the code that the stub interrupted.
ExceptionFrame frame_of_double_fault(const TaskState &task);

} // namespace detour::arch
