// unwind.cpp - any word read here may be corrupt
#include "kernel/unwind/unwind.hpp"

#include "kernel/base/address.hpp"
#include "kernel/unwind/call_site.hpp"

#include <xinu/userspace.h>

#include <string_view>

namespace detour
{

namespace
{

constexpr uint32_t kWord = sizeof(uint32_t);
constexpr uint32_t kRingOfSelector = 3;

// A function with a frame pointer, after its first two instructions.
constexpr std::array<SavedRegister, 2> kOnTheChain{{{COLUMN_EBP, -2}, {COLUMN_EIP, -1}}};
constexpr FrameRule kFramePointer{COLUMN_EBP, 2, false, false, false, kOnTheChain};

// A function before its first instruction.
constexpr std::array<SavedRegister, 1> kJustCalled{{{COLUMN_EIP, -1}}};
constexpr FrameRule kFirstInstruction{COLUMN_ESP, 1, false, false, false, kJustCalled};

// The address that was called, if the frame was entered by a call: the start of its function or, outside known code,
// EIP.
uint32_t callee_of(const StackFrame &frame)
{
    return frame.function ? frame.eip() - frame.function->offset : frame.eip();
}

} // namespace

FrameRule Unwinder::rule_for(const StackFrame &frame) const
{
    if (const auto rule = code_.at(frame.eip()).rule(frame.eip() - frame.back()))
        return *rule;
    // A call through a wild pointer looks like the first instruction of a function. But after a stray `ret` or jump,
    // the word on top of the stack is not a return address.
    const auto top = memory_.word(frame.esp());
    const bool called = top && code_.symbol(*top, 1) && is_behind_call(memory_, *top, frame.eip());
    const bool first = frame.function ? frame.function->offset == 0 : called;
    return frame.exact && first ? kFirstInstruction : kFramePointer;
}

std::optional<uint32_t> Unwinder::saved(const StackFrame &frame, int place) const
{
    if (place >= SavedRegister::kInRegister) {
        const auto column = static_cast<std::size_t>(place - SavedRegister::kInRegister);
        return column < frame.registers.size() ? std::optional(frame.registers[column]) : std::nullopt;
    }
    return memory_.word(frame.cfa + static_cast<uint32_t>(place) * kWord);
}

bool Unwinder::is_in_cbfreturn(const StackFrame &frame) const
{
    return frame.function && frame.eip() - frame.function->offset == known_.cbfreturn;
}

// cbfreturn learns the original return address only from the kernel: until then the word for it is not on the stack, or
// 0.
std::optional<uint32_t> Unwinder::return_address(StackFrame &frame) const
{
    const bool in_cbfreturn = is_in_cbfreturn(frame);
    const auto place = frame.rule.place_of(in_cbfreturn && frame.rule.outermost ? COLUMN_EIP_TO_COME : COLUMN_EIP);
    const auto word = place ? saved(frame, *place) : std::nullopt;
    if (place && *place < SavedRegister::kInRegister)
        frame.return_slot = frame.cfa + static_cast<uint32_t>(*place) * kWord;
    const bool is_kept = in_cbfreturn ? word.value_or(0) == 0 : word == known_.cbfreturn;
    if (is_kept && known_.original != 0)
        return known_.original;
    return in_cbfreturn && word == 0U ? std::nullopt : word;
}

std::optional<uint32_t> Unwinder::callers_esp(StackFrame &frame) const
{
    if (const auto place = frame.rule.place_of(COLUMN_ESP))
        return saved(frame, *place);
    if (frame.rule.either_ring) {
        const auto place = frame.rule.place_of(COLUMN_CS);
        const auto selector = place ? saved(frame, *place) : std::nullopt;
        frame.changed_ring = !selector || (*selector & kRingOfSelector) != 0;
        if (frame.changed_ring)
            return memory_.word(frame.cfa);
    }
    return frame.cfa;
}

// Whether this is the outermost frame: INITRET, not yet reached; or EBP 0, the initial value on the exit stack, for
// code that is followed along its EBPs.
bool Unwinder::begins_here(const StackFrame &frame) const
{
    return frame.eip() == known_.userret || (frame.ebp() == 0 && frame.rule.saved.data() == kOnTheChain.data());
}

// Whether a return address follows a call. The first instruction of a function need not: create() puts such addresses
// on the stack. But the function before it may end in a call that never returns; then only the bytes decide.
bool Unwinder::follows_call(const StackFrame &frame, uint32_t eip) const
{
    const auto symbol = code_.symbol(eip, 0);
    if (!symbol || symbol->offset != 0)
        return true;
    return is_behind_call(memory_, eip, callee_of(frame));
}

// Whether the frame returns to code, but to an address that no call can have pushed: neither a call to a known function
// nor one to the wild address where the process is. Exceptions: ctxsw returns to the entry point of a new process, and
// the first function of a process to INITRET. If the frame's rule is a guess, so is the return address.
bool Unwinder::returns_to_no_call(const StackFrame &frame, uint32_t eip) const
{
    const bool returns = !frame.rule.interrupted || is_in_cbfreturn(frame);
    const bool is_guess = frame.exact && frame.rule.saved.data() == kOnTheChain.data();
    const auto symbol = code_.symbol(eip, 0);
    if (!returns || is_guess || !symbol || eip == known_.userret)
        return false;
    if (symbol->offset == 0 && frame.function && frame.function->name == std::string_view("ctxsw"))
        return false;
    return is_behind_no_call(code_, memory_, eip) && !is_behind_call(memory_, eip, callee_of(frame));
}

bool Unwinder::restore_registers(const StackFrame &frame)
{
    for (const SavedRegister &entry : frame.rule.saved) {
        if (entry.column > COLUMN_EDI || entry.column == COLUMN_ESP)
            continue;
        const auto value = saved(frame, entry.place);
        if (!value)
            return false;
        registers_[entry.column] = *value;
    }
    return true;
}

// Stacks grow downwards: from the second frame on, the words pushed by a call lie above ESP. An interrupt frame may
// lead to a different stack.
bool Unwinder::is_above(const StackFrame &frame) const
{
    const uint32_t pushed = frame.rule.place_of(COLUMN_EIP) ? kWord : 0;
    return depth_ == 0 || frame.rule.interrupted || frame.cfa >= frame.esp() + pushed;
}

// Stores the caller's registers in registers_. Returns false if there is no caller, or its registers are impossible.
bool Unwinder::find_caller(StackFrame &frame)
{
    frame.next = StackFrame::Next::kBroken;
    if (begins_here(frame)) {
        frame.next = StackFrame::Next::kNone;
        frame.cfa = frame.esp();
        return false;
    }
    frame.cfa = frame.registers[frame.rule.cfa_register] + static_cast<uint32_t>(frame.rule.cfa_words) * kWord;
    if (frame.cfa % kWord != 0 || !is_above(frame) || !memory_.word(frame.cfa - kWord))
        return false;
    const auto eip = return_address(frame);
    if (!eip || (frame.rule.outermost && !is_in_cbfreturn(frame))) {
        frame.next = frame.rule.outermost ? StackFrame::Next::kNone : StackFrame::Next::kBroken;
        return false;
    }
    if (!restore_registers(frame))
        return false;
    const auto esp = callers_esp(frame);
    // No other stack follows that of ring 3, whose rules are not trusted.
    if (!esp || (depth_ != 0 && is_user_address(frame.esp()) && *esp < frame.esp()) || ++depth_ >= kMaxDepth)
        return false;
    registers_[COLUMN_ESP] = *esp;
    registers_[COLUMN_EIP] = *eip;
    exact_ = frame.rule.interrupted || !follows_call(frame, *eip);
    no_call_ = returns_to_no_call(frame, *eip);
    frame.next = StackFrame::Next::kCaller;
    return true;
}

std::optional<StackFrame> Unwinder::next()
{
    if (finished_)
        return std::nullopt;
    StackFrame frame;
    frame.registers = registers_;
    frame.exact = exact_;
    frame.no_call = no_call_;
    frame.function = code_.symbol(frame.eip(), frame.back());
    frame.rule = rule_for(frame);
    finished_ = !find_caller(frame);
    return frame;
}

} // namespace detour
