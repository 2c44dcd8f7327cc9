// message.hpp - delivery of a message
#pragma once

#include "kernel/base/process_list.hpp"

#include <xinu/types.h>

namespace detour
{

// Puts a message into a process's empty mailbox and makes the process ready if it is blocked waiting for one. Otherwise
// raises a message event. Returns whether the process became ready; the caller then calls resched().
bool deliver_message(ProcessId pid, umsg32 message);

} // namespace detour
