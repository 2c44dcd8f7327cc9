// active_functions.cpp - the backtraces of kernel/stack_words.hpp
#include "kernel/stack_words.hpp"

namespace detour
{

namespace
{

// The lines of print_active_functions().
class FunctionPrinter
{
public:
    FunctionPrinter(Sink sink, const ProcessCode &code) : sink_(sink), code_(code) {}

    void show(const StackFrame &frame)
    {
        if (shown_any_ && frame.eip() == shown_) {
            ++repeated_;
            return;
        }
        finish();
        shown_any_ = true;
        shown_ = frame.eip();
        print(sink_, "  0x%08x  ", unsigned{shown_});
        if (frame.function)
            print_code_address(sink_, code_, shown_, frame.back());
        else
            print(sink_, "?");
        print(sink_, frame.no_call ? ", no call ends there\n" : "\n");
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
    bool shown_any_ = false;
    uint32_t shown_ = 0;
    uint32_t repeated_ = 0;
};

} // namespace

void print_active_functions(Sink sink, const StackOwner &owner, const MemoryReader &memory,
                            const StackStart &start)
{
    FunctionPrinter functions(sink, owner.code);
    Unwinder unwinder(owner.code, memory, owner.landmarks, start.registers, start.exact);
    StackFrame last;
    for (auto frame = unwinder.next(); frame; frame = unwinder.next()) {
        functions.show(*frame);
        last = *frame;
    }
    functions.finish();
    if (last.next == StackFrame::Next::kBroken)
        print(sink, "  (the chain of frames breaks at EBP 0x%08x)\n", unsigned{last.ebp()});
}

void print_code_address(Sink sink, const ProcessCode &code, uint32_t address, uint32_t back)
{
    const auto symbol = code.symbol(address, back);
    if (!symbol)
        return;
    print(sink, "%s+0x%x", symbol->name, unsigned{symbol->offset});
    if (const auto line = code.line(address, back))
        print(sink, " (%s:%u)", line->file, line->line);
}

} // namespace detour
