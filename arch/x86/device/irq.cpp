// irq.cpp - device interrupts other than the clock's, and the end of each
//
// The controllers see edges: a device requests again only after its line was low. So every interrupt that was accepted
// is served, which lowers the line, and is then ended, whether its handler ran or not. The 8254 in mode 2 lowers its
// line itself; in mode 0 it does so when it is programmed for the next tick. The UART does so when its characters are
// read and it has something to send; what it shall not ask for now, because the kernel has no room for characters or
// none to send, is disabled in its own register. The disk does so when its status is read, or a command begins. Without
// a driver, no line is unmasked.
#include "arch/x86/device/irq.hpp"

#include "arch/x86/device/ide.hpp"
#include "arch/x86/device/keyboard.hpp"
#include "arch/x86/device/pic.hpp"
#include "arch/x86/device/pit.hpp"
#include "arch/x86/device/uart.hpp"
#include "kernel/device/console.hpp"
#include "kernel/device/disk.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/switch_hold.hpp"

namespace detour::arch
{

void finish_interrupts_in_service()
{
    const unsigned in_service = pic_in_service();
    pic_end_all(in_service);
    if ((in_service & 1U << kClockIrq) != 0) {
        pit_restart();
        clkhandler();
    }
    if ((in_service & (1U << kUartIrq | 1U << kKeyboardIrq)) != 0)
        console_serve(); // the process is about to end, so that the readers get their turn
    if ((in_service & 1U << kIdeIrq) != 0)
        disk_interrupt();
}

} // namespace detour::arch

// Called by irq_entry with interrupts masked. May switch to other processes.
extern "C" void irq_handler(unsigned irq)
{
    using namespace detour;
    if (arch::pic_is_spurious(irq))
        return;
    const bool switch_now = ((irq == arch::kUartIrq || irq == arch::kKeyboardIrq) && console_serve()) ||
                            (irq == arch::kIdeIrq && disk_interrupt());
    arch::pic_end_of_interrupt(irq); // before the switch: the next process must get its interrupts
    if (switch_now && may_switch())
        resched();
}
