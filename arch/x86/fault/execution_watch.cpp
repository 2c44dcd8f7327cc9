// execution_watch.cpp - the CPU's debug registers (Intel SDM vol. 3, 18.2): up to four breakpoints that change no code
#include "arch/x86/fault/execution_watch.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/arch.hpp"

namespace detour::arch
{

namespace
{

constexpr uint32_t kReached = 0xF;            // DR6: which of the four
constexpr uint32_t kNoneReached = 0xFFFF0FF0; // DR6 as it is after a reset

constinit ReachedHandler handler = nullptr;

// DR7: enabled for all tasks; its other fields of a breakpoint are 0, for execution.
uint32_t enabled(unsigned place)
{
    return 2u << (2 * place);
}

void set_control(uint32_t control)
{
    asm volatile("movl %0, %%dr7" : : "r"(control));
}

void set_status(uint32_t status)
{
    asm volatile("movl %0, %%dr6" : : "r"(status));
}

uint32_t status()
{
    uint32_t status;
    asm volatile("movl %%dr6, %0" : "=r"(status));
    return status;
}

void set_place(unsigned place, uint32_t address)
{
    switch (place) {
    case 0:
        asm volatile("movl %0, %%dr0" : : "r"(address));
        break;
    case 1:
        asm volatile("movl %0, %%dr1" : : "r"(address));
        break;
    case 2:
        asm volatile("movl %0, %%dr2" : : "r"(address));
        break;
    default:
        asm volatile("movl %0, %%dr3" : : "r"(address));
        break;
    }
}

} // namespace

void watch_execution(const std::array<uint32_t, kWatchedPlaces> &places, ReachedHandler reached)
{
    uint32_t control = 0;
    for (unsigned place = 0; place < places.size(); ++place) {
        set_place(place, places[place]);
        control |= enabled(place);
    }
    handler = reached;
    set_status(kNoneReached);
    set_control(control);
}

void watch_nothing()
{
    set_control(0);
    handler = nullptr;
}

bool report_execution(ExceptionFrame &as_pushed)
{
    const uint32_t reached = status() & kReached;
    if (handler == nullptr || reached == 0)
        return false;
    set_status(kNoneReached);
    const ReachedHandler reached_at = handler;                                    // which it may end
    const auto *const stack = reinterpret_cast<const uint32_t *>(&as_pushed + 1); // of an instruction in ring 0
    for (unsigned place = 0; place < kWatchedPlaces; ++place)
        if ((reached >> place & 1) != 0)
            reached_at(place, stack);
    as_pushed.eflags |= EFLAGS_RF;
    return true;
}

} // namespace detour::arch
