// frame_chain.hpp - walking a stack along its saved EBPs, without trusting it
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace detour
{

// The words of a stack and the address of the first. The words end below the one at prstkbase (STACKMAGIC), so base()
// is prstkbase. In the kernel this is the stack itself, in host tests a copy.
struct StackView {
    uint32_t low;
    std::span<const uint32_t> words;

    constexpr uint32_t base() const { return low + static_cast<uint32_t>(words.size_bytes()); }
};

// The words that EBP points to: [address] holds the caller's EBP, [address + 4] the return address.
struct CallFrame {
    uint32_t address;
    uint32_t return_address;
};

// Walks from frame to frame, outwards. Before reading a frame it checks that the address is aligned, that both words
// lie on the stack, and that the address is above the previous frame; so it terminates on every input, and never reads
// outside `stack`.
class FrameWalk
{
public:
    static constexpr unsigned kMaxDepth = 32;

    enum class State : uint8_t {
        kWalking,
        kComplete, // the frame built by create() (EBP is the stack's base), or the EBP 0 of boot
        kBroken,   // ebp() does not fit the stack
        kTooDeep,  // there may be more than kMaxDepth frames
    };

    constexpr FrameWalk(StackView stack, uint32_t ebp) : stack_(stack), ebp_(ebp) {}

    // The next frame, or nothing: then state() says why.
    std::optional<CallFrame> next();

    State state() const { return state_; }

    // The EBP to follow next.
    uint32_t ebp() const { return ebp_; }

private:
    State check() const;

    StackView stack_;
    uint32_t ebp_;
    uint32_t lowest_ = 0; // the next frame must not lie below this address
    unsigned depth_ = 0;
    State state_ = State::kWalking;
};

} // namespace detour
