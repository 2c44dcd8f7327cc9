// irq.cpp - device interrupts other than the clock's
#include "arch/x86/pic.hpp"
#include "arch/x86/uart.hpp"
#include "kernel/console_input.hpp"
#include "kernel/scheduler.hpp"

// Called by irq_entry with interrupts masked. May switch to other processes.
extern "C" void irq_handler(unsigned irq)
{
    using namespace detour;
    if (arch::pic_is_spurious(irq))
        return;
    const bool switch_now = irq == arch::kUartIrq && console_collect();
    arch::pic_end_of_interrupt(irq); // before the switch: the next process must get its interrupts
    if (switch_now)
        resched();
}
