// process.hpp - creating and ending processes
#pragma once

#include "kernel/base/process_list.hpp"
#include "kernel/process/account.hpp"

#include <xinu/types.h>

namespace detour
{

// A process to create. entry is called with nargs argument words and returns to return_to. The stack has at least
// stack_bytes.
struct NewProcess {
    uint32_t stack_bytes;
    pri16 priority;
    const char *name; // cut to PNMLEN - 1 characters
    Charging charging{};
    void *entry = nullptr;
    void (*return_to)() = nullptr;
    const uint32_t *arguments = nullptr;
    uint32_t nargs = 0;
};

// Creates a suspended process. Returns its id; kNoProcess, with nothing changed, if the table is full, there is not
// enough memory, the arguments do not fit, or its account does not allow it. `enabled`: interrupts may be taken while
// the memory of ended processes is released.
ProcessId begin_process(const NewProcess &wanted, bool enabled = false);

// The same in steps, for what takes long: until it is admitted, no call finds the process, though others run. If its
// maker, the current process, ends meanwhile, so does it. The caller prepares the stack: entry and what follows are not
// used.
ProcessId prepare_process(const NewProcess &wanted, bool enabled);
void admit_process(ProcessId pid);
void discard_process(ProcessId pid); // instead of admit_process()

// Ends a process other than the current one: removes it from its queue, sends its id to its parent, releases its memory
// and its table entry. Does not switch, though the parent may become ready. For the current process:
// end_current_process() of kernel/base/ways_out.hpp.
void end_process(ProcessId pid);

} // namespace detour
