// execution_watch.hpp - instructions of which the kernel is told each time before they are executed
#pragma once

#include "arch/x86/entry/frames.h"

namespace detour::arch
{

// If a watched instruction made this debug exception: calls the handler of watch_execution(), and lets the instruction
// be executed. Returns false for any other debug exception.
bool report_execution(ExceptionFrame &as_pushed);

} // namespace detour::arch
