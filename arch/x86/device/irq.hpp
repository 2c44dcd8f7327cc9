// irq.hpp - the interrupts of the devices, from the request to its end
#pragma once

namespace detour::arch
{

// Serves each interrupt that is in service because its entry faulted: its frame did not fit the stack. Called with
// interrupts masked and switches held.
void finish_interrupts_in_service();

} // namespace detour::arch
