// unwind.hpp - walking a stack from given registers outwards to the process's first function, without trusting the
// stack
//
// The call frame information of compiled code and assembly says where each caller's registers are: exact at every
// instruction, through interrupt frames, from the kernel stack of a ring-3 process to its user stack. Code without it
// is followed along its saved EBPs.
#pragma once

#include "kernel/base/frame_columns.h"
#include "kernel/unwind/process_code.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace detour
{

// What the kernel knows about the return addresses of a process.
struct KnownAddresses {
    uint32_t userret = 0;   // address of INITRET, to which the first function of a process returns
    uint32_t cbfreturn = 0; // address of that function, which stands for a planted return address
    uint32_t slot = 0;      // prdetour.slot: the word that is planted
    uint32_t original = 0;  // prdetour.original: the return address that it replaced
    uint32_t running = 0;   // prdetour.running: the kinds of event of which a callback is claimed, or runs
};

// The general registers and EIP, by their columns.
using RegisterSet = std::array<uint32_t, COLUMN_EIP + 1>;

// One function's part of a stack: the words from ESP up to the CFA.
struct StackFrame {
    enum class Next : uint8_t {
        kCaller, // next() returns it
        kNone,   // outermost frame: the process began here
        kBroken, // the words in place of the caller's registers cannot be right
    };

    RegisterSet registers{};
    bool exact = true;    // EIP is the next instruction to execute; otherwise it is a return address
    bool no_call = false; // EIP is a return address, but no call can have pushed it: no call ends there
    std::optional<Symbol> function;
    FrameRule rule;
    uint32_t cfa = 0;
    bool changed_ring = false; // either_ring, and the caller is in ring 3: its ESP and SS lie at the CFA
    uint32_t return_slot = 0;  // the word with the return address or the interrupted EIP; 0: not on the stack
    Next next = Next::kNone;

    uint32_t eip() const { return registers[COLUMN_EIP]; }
    uint32_t esp() const { return registers[COLUMN_ESP]; }
    uint32_t ebp() const { return registers[COLUMN_EBP]; }
    // The distance in bytes from EIP back to the address by which it is looked up.
    uint32_t back() const { return exact ? 0 : 1; }
};

class Unwinder
{
public:
    static constexpr unsigned kMaxDepth = 1000;

    // start: the registers in the innermost function; exact: see StackFrame.
    Unwinder(const ProcessCode &code, const MemoryReader &memory, const KnownAddresses &known, const RegisterSet &start,
             bool exact = true)
        : code_(code), memory_(memory), known_(known), registers_(start), exact_(exact)
    {
    }

    // The next frame outwards; nothing after the last.
    std::optional<StackFrame> next();

private:
    FrameRule rule_for(const StackFrame &frame) const;
    bool find_caller(StackFrame &frame);
    bool restore_registers(const StackFrame &frame);
    std::optional<uint32_t> saved(const StackFrame &frame, int place) const;
    std::optional<uint32_t> return_address(StackFrame &frame) const;
    std::optional<uint32_t> callers_esp(StackFrame &frame) const;
    bool is_above(const StackFrame &frame) const;
    bool begins_here(const StackFrame &frame) const;
    bool follows_call(const StackFrame &frame, uint32_t eip) const;
    bool returns_to_no_call(const StackFrame &frame, uint32_t eip) const;
    bool is_in_cbfreturn(const StackFrame &frame) const;

    const ProcessCode &code_;
    MemoryReader memory_;
    KnownAddresses known_;
    RegisterSet registers_; // of the frame that next() will give
    bool exact_;
    bool no_call_ = false;
    bool finished_ = false;
    unsigned depth_ = 0;
};

} // namespace detour
