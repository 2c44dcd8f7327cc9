// irq.cpp - device interrupts other than the clock's, and the end of each
//
// The controllers see edges: a device requests again only after its line was low. So every interrupt that was accepted
// is served, which lowers the line, and is then ended, whether its handler ran or not. The 8254 in mode 2 lowers its
// line itself; in mode 0 it does so when it is programmed for the next tick. The UART has one line for what it receives
// and what it sends, which stays high when the one happens while the other is served; what it shall not ask for now,
// because the kernel has no room for characters or none to send, is disabled in its own register; and when it has been
// served, all is disabled and enabled again. The disk does so when its status is read, or a command begins. A line
// that is not the kernel's is unmasked when a program's handler is set for it; there, the interrupt is ended before the
// handler runs, which may end the process.
#include "arch/x86/device/irq.hpp"

#include "arch/x86/device/ide.hpp"
#include "arch/x86/device/keyboard.hpp"
#include "arch/x86/device/pic.hpp"
#include "arch/x86/device/pit.hpp"
#include "arch/x86/device/uart.hpp"
#include "arch/x86/device/vga.hpp"
#include "kernel/device/console.hpp"
#include "kernel/device/disk.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/sched/switch_hold.hpp"

#include <xinu/resched.h>

#include <algorithm>
#include <array>

namespace detour::arch
{

namespace
{

constinit std::array<void (*)(), kIrqs> handlers{}; // of programs

// Calls it as with resched_cntl(DEFER_START): what it makes ready runs when it has returned.
void run_handler(void (*handler)())
{
    procent &interrupted = current_process();
    const auto state = interrupted.prstate;
    const defer outer = Defer;
    interrupted.prstate = PR_DEFER;
    Defer = {1, FALSE};
    ready_queue.count_null_process(true);
    handler();
    ready_queue.count_null_process(false);
    const bool switch_now = Defer.attempt != FALSE;
    interrupted.prstate = state;
    Defer = outer;
    if (switch_now && may_switch())
        resched();
}

// The keyboard's controller requests again for each code, the UART does not.
bool serve_console()
{
    const bool ready = console_serve();
    uart_request_again();
    return ready;
}

// Of the kernel's own lines; of another, which nothing unmasks, there is nothing to serve. Returns whether a process
// became ready.
bool serve(unsigned irq)
{
    return irq == kIdeIrq ? disk_interrupt() : (irq == kUartIrq || irq == kKeyboardIrq) && serve_console();
}

} // namespace

bool set_interrupt_handler(uint32_t line, void (*handler)())
{
    const bool kernels = line == kClockIrq || line == kSlaveIrq || line == kUartIrq || line == kIdeIrq ||
                         (line == kKeyboardIrq && vga_in_use);
    if (line >= handlers.size() || kernels)
        return false;
    handlers[line] = handler;
    pic_unmask(line);
    return true;
}

bool has_program_handlers()
{
    return std::ranges::any_of(handlers, [](auto handler) { return handler != nullptr; });
}

void finish_interrupts_in_service()
{
    const unsigned in_service = pic_in_service();
    pic_end_all(in_service);
    if ((in_service & 1U << kClockIrq) != 0) {
        pit_restart();
        clkhandler();
    }
    if ((in_service & (1U << kUartIrq | 1U << kKeyboardIrq)) != 0)
        serve_console(); // the process is about to end, so that the readers get their turn
    if ((in_service & 1U << kIdeIrq) != 0)
        disk_interrupt();
    for (unsigned irq = 0; irq < handlers.size(); ++irq)
        if ((in_service & 1U << irq) != 0 && handlers[irq] != nullptr)
            run_handler(handlers[irq]);
}

} // namespace detour::arch

// Called by irq_entry with interrupts masked. May switch to other processes.
extern "C" void irq_handler(unsigned irq)
{
    using namespace detour;
    if (arch::pic_is_spurious(irq))
        return;
    if (const auto handler = arch::handlers[irq]; handler != nullptr) {
        arch::pic_end_of_interrupt(irq);
        arch::run_handler(handler);
        return;
    }
    const bool switch_now = arch::serve(irq);
    arch::pic_end_of_interrupt(irq); // before the switch: the next process must get its interrupts
    if (switch_now && may_switch())
        resched();
}
