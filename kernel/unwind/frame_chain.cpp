// frame_chain.cpp - any word read here may be corrupt: check first, then read
#include "kernel/unwind/frame_chain.hpp"

namespace detour
{
namespace
{

constexpr uint32_t kFrameBytes = 2 * sizeof(uint32_t);

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

} // namespace detour
