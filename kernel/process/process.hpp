// process.hpp - the beginning and the end of a process
#pragma once

#include "kernel/base/process_list.hpp"
#include "kernel/process/account.hpp"

#include <xinu/types.h>

namespace detour
{

// A process to be made. entry is called with nargs argument words and returns to return_to. The stack has at
// least stack_bytes.
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

// Makes a suspended process. Returns its id; kNobody, with nothing changed, when the table is full, or memory
// or the arguments do not fit, or its account does not allow it. `enabled`: interrupts may come in while
// memory is given back by processes that have ended.
ProcessId begin_process(const NewProcess &wanted, bool enabled = false);

// The same in steps, for what takes long: until it is admitted, no call finds the process, though others run.
// If its maker, the current process, ends meanwhile, so does it. The caller prepares the stack: entry and
// what follows are not used.
ProcessId prepare_process(const NewProcess &wanted, bool enabled);
void admit_process(ProcessId pid);
void discard_process(ProcessId pid); // instead

// Ends a process that is not the current one: takes it out of the queue that it is in, sends its id to its
// parent, gives back its memory and its entry. Does not switch, though the parent may have become ready. For the current
// process: end_current_process() of kernel/base/ways_out.hpp.
void end_process(ProcessId pid);

} // namespace detour
