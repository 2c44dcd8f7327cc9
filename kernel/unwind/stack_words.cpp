#include "kernel/unwind/stack_words.hpp"

#include "kernel/base/frame_columns.h"
#include "kernel/unwind/word_roles.hpp"

#include <xinu/process.h>

#include <algorithm>
#include <utility>

namespace detour
{

namespace
{

constexpr uint32_t kWord = sizeof(uint32_t);

// Prints the words in ascending order on each stack.
class WordPrinter
{
public:
    WordPrinter(Sink sink, const StackOwner &owner, const MemoryReader &memory, StackLimit limit,
                const StackCopy &earlier, WordObserver observer)
        : sink_(sink), owner_(owner), memory_(memory), limit_(limit), earlier_(earlier), observer_(observer)
    {
    }

    void show(const StackFrame &frame, const StackFrame *caller, const StackFrame *callee);
    void finish(const StackFrame &last, const StackFrame *callee);

private:
    bool enter(const StackBounds &stack, uint32_t address);
    void leave();
    void show_magic();
    void show_unused();
    void show_word(StackWord word);
    void show_rest(const StackFrame &last, const StackFrame *callee);
    void line(uint32_t address, uint32_t value);
    void observe(uint32_t address, uint32_t value, WordKind kind);
    void end_repetition();
    StackBounds stack_with(uint32_t address) const;

    Sink sink_;
    const StackOwner &owner_;
    MemoryReader memory_;
    StackLimit limit_;
    StackCopy earlier_;
    WordObserver observer_;
    StackBounds stack_{};               // the stack being shown
    uint32_t next_ = 0;                 // its first word not yet shown
    uint32_t shown_ = 0;                // its words shown so far
    uint32_t arguments_ = 0;            // of the last frame's function, for the next frame
    std::optional<uint32_t> own_value_; // value of the last word, if it was a function's own
    uint32_t repeated_ = 0;             // number of repetitions of it
};

StackBounds WordPrinter::stack_with(uint32_t address) const
{
    for (const StackBounds &stack : {owner_.kernel_stack, owner_.user_stack})
        if (stack.contains(address) || (address == stack.end && address != 0))
            return stack;
    return {};
}

void WordPrinter::line(uint32_t address, uint32_t value)
{
    print(sink_, "  %08x  ", unsigned{address});
    if (!earlier_.words.empty()) {
        const auto before = earlier_.word(address);
        if (before)
            print(sink_, "%08x  %08x %c ", unsigned{*before}, unsigned{value}, *before == value ? ' ' : '*');
        else
            print(sink_, "          %08x   ", unsigned{value});
        return;
    }
    print(sink_, "%08x  ", unsigned{value});
}

void WordPrinter::observe(uint32_t address, uint32_t value, WordKind kind)
{
    if (observer_.see != nullptr)
        observer_.see(observer_.context, address, value, kind);
}

void WordPrinter::end_repetition()
{
    if (repeated_ > 0)
        print(sink_, "            (the same %u times more)\n", unsigned{repeated_});
    repeated_ = 0;
    own_value_.reset();
}

// Moves to this address of the stack. Returns false if no more of the stack is to be shown.
bool WordPrinter::enter(const StackBounds &stack, uint32_t address)
{
    if (stack.end == 0)
        return false;
    if (stack.low != stack_.low) {
        leave();
        stack_ = stack;
        next_ = stack.low;
        shown_ = 0;
        if (stack.low == owner_.user_stack.low)
            print(sink_, "  in ring 3:\n");
    }
    if (next_ == stack.low && address > next_)
        print(sink_, "  %08x .. %08x    %u bytes that are free\n", unsigned{next_}, unsigned{address - kWord},
              unsigned{address - next_});
    next_ = std::max(next_, address);
    return true;
}

// Ends the stack being shown, with its STACKMAGIC if it is a kernel stack.
void WordPrinter::leave()
{
    end_repetition();
    if (stack_.end == owner_.kernel_stack.end)
        show_unused();
    if (shown_ > limit_.words)
        print(sink_, "  ... (%u more)\n", unsigned{shown_ - limit_.words});
    if (stack_.end != 0 && stack_.end == owner_.kernel_stack.end && next_ == stack_.end)
        show_magic();
}

// The words between the frame pushed on entry from ring 3 and the end of the kernel stack: some entry paths store no
// segment registers there.
void WordPrinter::show_unused()
{
    for (; next_ < stack_.end; next_ += kWord) {
        if (++shown_ > limit_.words)
            continue;
        const uint32_t value = memory_.word(next_).value_or(0);
        line(next_, value);
        observe(next_, value, WordKind::kUnused);
        print(sink_, "not used by this way into the kernel, or not yet\n");
    }
}

void WordPrinter::show_magic()
{
    const uint32_t magic = memory_.word(stack_.end).value_or(0);
    line(stack_.end, magic);
    observe(stack_.end, magic, WordKind::kMagic);
    print(sink_, magic == STACKMAGIC ? "STACKMAGIC, at prstkbase\n" : "at prstkbase, where STACKMAGIC should be\n");
}

void WordPrinter::show_word(StackWord word)
{
    if (++shown_ > limit_.words)
        return;
    const bool own = is_own(word) && earlier_.words.empty() && observer_.see == nullptr;
    if (own && own_value_ == word.value) {
        ++repeated_;
        return;
    }
    end_repetition();
    if (own)
        own_value_ = word.value;
    line(word.address, word.value);
    if (observer_.see != nullptr)
        observe(word.address, word.value, kind_of(owner_, word));
    print_role(sink_, owner_, word);
    print(sink_, "\n");
}

// The words of one function: from ESP to the CFA; or, if its frame lies on a different stack from ESP, the registers
// saved there. There may be more saved registers above the CFA.
void WordPrinter::show(const StackFrame &frame, const StackFrame *caller, const StackFrame *callee)
{
    end_repetition();
    const StackBounds stack = stack_with(frame.cfa);
    uint32_t begin = frame.cfa;
    uint32_t end = frame.cfa;
    for (const SavedRegister &entry : frame.rule.saved) {
        const uint32_t at = frame.cfa + static_cast<uint32_t>(entry.place) * kWord;
        if (entry.place < SavedRegister::kInRegister && (stack.contains(at))) {
            begin = std::min(begin, at);
            end = std::max(end, at + kWord);
        }
    }
    // In the first instructions of sysenter_entry the CFA lies below ESP.
    if (stack.contains(frame.esp()) && (frame.esp() <= frame.cfa || callee == nullptr))
        begin = frame.esp() / kWord * kWord; // ESP of a program can have any value
    if (frame.changed_ring)
        end = std::min(std::max(end, frame.cfa + 2 * kWord), stack.end);
    const bool called = frame.return_slot != 0 && !frame.rule.interrupted && caller != nullptr;
    const uint32_t arguments = std::exchange(arguments_, called ? argument_words(memory_, caller->eip()) : 0);
    if (!enter(stack, begin))
        return;
    for (; next_ < end; next_ += kWord)
        if (const auto value = memory_.word(next_))
            show_word({next_, *value, &frame, caller, callee, arguments});
}

// The name of the function passed to create(); it may already have returned to INITRET.
const char *first_function(const StackFrame &last, const StackFrame *callee)
{
    const bool active = last.function && last.function->offset == 0;
    return active && callee != nullptr && callee->function ? callee->function->name : "the first function";
}

// The words above the outermost function's frame.
void WordPrinter::show_rest(const StackFrame &last, const StackFrame *callee)
{
    end_repetition();
    if (last.next == StackFrame::Next::kBroken)
        print(sink_, "  this cannot be followed any further: the frame of %s is not as it should be\n",
              last.function ? last.function->name : "no known function");
    for (; next_ < stack_.end; next_ += kWord) {
        if (++shown_ > limit_.words)
            continue;
        const uint32_t value = memory_.word(next_).value_or(0);
        line(next_, value);
        observe(next_, value, last.next == StackFrame::Next::kBroken ? WordKind::kUnknown : WordKind::kFirst);
        const uint32_t number = (next_ - last.cfa) / kWord + 1;
        if (last.next == StackFrame::Next::kBroken)
            print_code_address(sink_, owner_.code, value, 0);
        else if (stack_.low == owner_.user_stack.low)
            print(sink_, "made by the kernel: argc, argv, the arguments");
        else if (!last.function || last.eip() - last.function->offset != owner_.known.userret)
            print(sink_, "from boot");
        else
            print(sink_, "argument %u of %s, given to create()", unsigned{number}, first_function(last, callee));
        print(sink_, "\n");
    }
}

void WordPrinter::finish(const StackFrame &last, const StackFrame *callee)
{
    if (stack_.end == 0 && !enter(stack_with(last.esp()), last.esp())) {
        print(sink_, "  ESP %08x is on no stack of this process\n", unsigned{last.esp()});
        return;
    }
    show_rest(last, callee);
    leave();
}

} // namespace

std::optional<uint32_t> StackCopy::word(uint32_t address) const
{
    const uint32_t index = (address - from) / kWord;
    return index < words.size() ? std::optional(words[index]) : std::nullopt;
}

StackStart switched_out(uint32_t saved_stack_pointer, uint32_t resumption)
{
    StackStart start;
    start.registers[COLUMN_ESP] = saved_stack_pointer;
    start.registers[COLUMN_EIP] = resumption;
    return start;
}

void print_stack_words(Sink sink, const StackOwner &owner, const MemoryReader &memory, const StackStart &start,
                       StackLimit limit, const StackCopy &earlier, WordObserver observer)
{
    WordPrinter words(sink, owner, memory, limit, earlier, observer);
    Unwinder unwinder(owner.code, memory, owner.known, start.registers, start.exact);
    const auto pointer = [](const std::optional<StackFrame> &frame) { return frame ? &*frame : nullptr; };
    std::optional<StackFrame> callee;
    auto frame = unwinder.next();
    for (;;) {
        const auto caller = unwinder.next();
        words.show(*frame, pointer(caller), pointer(callee));
        if (!caller)
            break;
        callee = frame;
        frame = caller;
    }
    words.finish(*frame, pointer(callee));
}

} // namespace detour
