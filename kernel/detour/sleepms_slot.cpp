#include "kernel/detour/sleepms_slot.hpp"

#include <xinu/saved_stack.h>

namespace detour
{

uint32_t find_sleepms_slot(StackView stack, uint32_t saved_stack_pointer, CodeRange resched, CodeRange sleepms)
{
    // ctxsw's frame begins at its saved EBP; what lies below are the registers, which are only to be on the stack too.
    if (saved_stack_pointer < stack.low || saved_stack_pointer >= stack.base())
        return 0;
    FrameWalk walk(stack, saved_stack_pointer + SAVED_LINK * sizeof(uint32_t));

    const auto of_ctxsw = walk.next();
    if (!of_ctxsw || !resched.contains(of_ctxsw->return_address))
        return 0;
    const auto of_resched = walk.next();
    if (!of_resched || !sleepms.contains(of_resched->return_address))
        return 0;
    const auto of_sleepms = walk.next();
    if (!of_sleepms)
        return 0;
    return of_sleepms->address + FRAME_RETURN * sizeof(uint32_t);
}

} // namespace detour
