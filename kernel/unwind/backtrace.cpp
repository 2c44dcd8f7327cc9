#include "kernel/unwind/backtrace.hpp"

namespace detour
{

namespace
{

// The lines of print_active_functions().
class FunctionPrinter
{
public:
    FunctionPrinter(Sink sink, const ProcessCode &code, uint32_t room) : sink_(sink), code_(code), room_(room) {}

    // Prints the frame's line. Returns false if there is no room for it; the caller then stops.
    bool show(const StackFrame &frame)
    {
        if (shown_any_ && frame.eip() == shown_) {
            ++repeated_;
            return true;
        }
        finish();
        if (room_ == 0) {
            print(sink_, "  ...\n");
            return false;
        }
        --room_;
        shown_any_ = true;
        shown_ = frame.eip();
        print(sink_, "  0x%08x  ", unsigned{shown_});
        if (frame.function)
            print_code_address(sink_, code_, shown_, frame.back());
        else
            print(sink_, "?");
        print(sink_, frame.no_call ? ", no call ends there\n" : "\n");
        return true;
    }

    void finish()
    {
        if (repeated_ > 0)
            print(sink_, "  (the same %u times more)\n", unsigned{repeated_});
        repeated_ = 0;
    }

private:
    Sink sink_;
    const ProcessCode &code_;
    uint32_t room_; // lines
    bool shown_any_ = false;
    uint32_t shown_ = 0;
    uint32_t repeated_ = 0;
};

} // namespace

void print_active_functions(Sink sink, const StackOwner &owner, const MemoryReader &memory, const StackStart &start,
                            uint32_t functions)
{
    FunctionPrinter printer(sink, owner.code, functions);
    Unwinder unwinder(owner.code, memory, owner.known, start.registers, start.exact);
    StackFrame last;
    for (auto frame = unwinder.next(); frame; frame = unwinder.next()) {
        if (!printer.show(*frame))
            return;
        last = *frame;
    }
    printer.finish();
    if (last.next == StackFrame::Next::kBroken)
        print(sink, "  (the chain of frames breaks at EBP 0x%08x)\n", unsigned{last.ebp()});
}

} // namespace detour
