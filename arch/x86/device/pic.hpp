// pic.hpp - the two 8259A interrupt controllers
#pragma once

namespace detour::arch
{

constexpr unsigned kIrqs = 16;
constexpr unsigned kSlaveIrq = 2; // the master's line to which the slave is wired

void pic_initialize(); // IRQ 0-15 at vectors 32-47, all masked
void pic_unmask(unsigned irq);

// Takes back the request that waits, if one does: made by what the BIOS did with the device. Interrupts masked.
void pic_forget_request();

void pic_end_of_interrupt(unsigned irq);

// True if this IRQ 7 or 15 came from noise on the line and nothing is to be handled; what must be acknowledged has
// been.
bool pic_is_spurious(unsigned irq);

// The interrupts that were accepted and not ended yet: bit n is IRQ n.
unsigned pic_in_service();
void pic_end_all(unsigned in_service); // what pic_in_service() returned

} // namespace detour::arch
