// backtrace.cpp - every word that is read here may have been overwritten: check first, then read
#include "kernel/backtrace.hpp"

#include <xinu/saved_stack.h>

namespace detour
{
namespace
{

constexpr uint32_t kFrameBytes = 2 * sizeof(uint32_t);

// Above the pushal of an interrupt frame: the address of the interrupted instruction, CS, EFLAGS.
constexpr uint32_t kInterruptedEip = SAVED_EAX + 1;
constexpr uint32_t kInterruptedEflags = kInterruptedEip + 2;
constexpr uint32_t kEflagsAlwaysSet = 2;
constexpr uint32_t kMostClaimed = 2; // callbacks that are still to be run

// Code that was interrupted has called nothing: its callee on the chain of EBPs is what the interrupt's entry
// code has called, and where it was interrupted stands in the frame of the interrupt, directly above the
// return address into the entry code or above what a detour has still to run. The frame is known by the ESP
// that pushal has stored, which is the address behind it. caller_ebp: the next link of the chain, which then
// leads above that frame.
std::optional<uint32_t> interrupted_at(StackView stack, const CallFrame &callee, uint32_t caller_ebp)
{
    const uint32_t above = callee.address + kFrameBytes;
    for (uint32_t skipped = 0; skipped <= kMostClaimed; ++skipped) {
        const uint32_t pushal = above + skipped * sizeof(uint32_t);
        const uint32_t index = (pushal - stack.low) / sizeof(uint32_t);
        if (index + kInterruptedEflags >= stack.words.size())
            break;
        if (caller_ebp >= above && caller_ebp <= pushal)
            break;
        const auto frame = stack.words.subspan(index);
        if (frame[SAVED_ESP] == pushal + kInterruptedEip * sizeof(uint32_t) &&
            (frame[kInterruptedEflags] & kEflagsAlwaysSet) != 0)
            return frame[kInterruptedEip];
    }
    return std::nullopt;
}

} // namespace

FrameWalk::State FrameWalk::check() const
{
    const uint32_t base = stack_.base();
    if (ebp_ == base || ebp_ == 0)
        return State::kComplete;
    if (ebp_ % sizeof(uint32_t) != 0 || ebp_ < stack_.low || ebp_ < lowest_)
        return State::kBroken;
    if (ebp_ > base || base - ebp_ < kFrameBytes)
        return State::kBroken;
    return depth_ < kMaxDepth ? State::kWalking : State::kTooDeep;
}

std::optional<CallFrame> FrameWalk::next()
{
    state_ = check();
    if (state_ != State::kWalking)
        return std::nullopt;
    const auto index = (ebp_ - stack_.low) / sizeof(uint32_t);
    const CallFrame frame{ebp_, stack_.words[index + 1]};
    lowest_ = ebp_ + kFrameBytes;
    ebp_ = stack_.words[index];
    ++depth_;
    return frame;
}

void CallLines::show(uint32_t address, uint32_t back)
{
    if (address == shown_) {
        ++repeated_;
        return;
    }
    finish();
    shown_ = address;
    if (const auto symbol = lookup_(context_, address - back))
        print(sink_, "  0x%08x  %s+0x%x\n", unsigned{address}, symbol->name, unsigned{symbol->offset + back});
    else
        print(sink_, "  0x%08x  ?\n", unsigned{address});
}

void CallLines::finish()
{
    if (repeated_ > 0)
        print(sink_, "  (the same %u times more)\n", repeated_);
    repeated_ = 0;
}

void print_backtrace(Sink sink, const SymbolTable &symbols, StackView stack, uint32_t eip, uint32_t ebp)
{
    CallLines lines(
        sink,
        [](const void *table, uint32_t address) {
            return static_cast<const SymbolTable *>(table)->lookup(address);
        },
        &symbols);
    lines.show(eip, 0);
    FrameWalk walk(stack, ebp);
    for (auto frame = walk.next(); frame; frame = walk.next()) {
        // Only the outermost return address is no call's: create() put INITRET there.
        lines.show(frame->return_address, walk.ebp() == stack.base() ? 0 : CallLines::kIntoCall);
        if (const auto interrupted = interrupted_at(stack, *frame, walk.ebp()))
            lines.show(*interrupted, 0);
    }
    lines.finish();
    if (walk.state() == FrameWalk::State::kBroken)
        print(sink, "  (the chain of frames breaks at EBP 0x%08x)\n", unsigned{walk.ebp()});
    if (walk.state() == FrameWalk::State::kTooDeep)
        print(sink, "  (and more)\n");
}

} // namespace detour
