// irq.hpp - the interrupts of the devices, from the request to its end
#pragma once

namespace detour::arch
{

// Does for each interrupt that is in service what its handler owes the device and the controller, when the handler did
// not run because its frame did not fit the stack. Interrupts masked.
void finish_interrupts_in_service();

} // namespace detour::arch
