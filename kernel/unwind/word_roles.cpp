#include "kernel/unwind/word_roles.hpp"

#include "kernel/base/address.hpp"
#include "kernel/base/frame_columns.h"

#include <xinu/process.h>
#include <xinu/userspace.h>

#include <array>
#include <string_view>

namespace detour
{

namespace
{

constexpr uint32_t kWord = sizeof(uint32_t);

constexpr std::array<const char *, COLUMN_EDI + 1> kRegisters{"EAX", "ECX", "EDX", "EBX", "ESP", "EBP", "ESI", "EDI"};

struct Flag {
    uint32_t bit;
    const char *name;
};
// Intel SDM vol. 1, 3.4.3. IF is omitted: it is described in words.
constexpr std::array<Flag, 10> kFlags{{{1U << 0, "CF"},
                                       {1U << 2, "PF"},
                                       {1U << 4, "AF"},
                                       {1U << 6, "ZF"},
                                       {1U << 7, "SF"},
                                       {1U << 8, "TF"},
                                       {1U << 10, "DF"},
                                       {1U << 11, "OF"},
                                       {1U << 14, "NT"},
                                       {1U << 18, "AC"}}};
constexpr uint32_t kInterruptFlag = 1U << 9;

void print_flags(Sink sink, uint32_t eflags)
{
    for (const Flag &flag : kFlags)
        if ((eflags & flag.bit) != 0)
            print(sink, "%s ", flag.name);
    print(sink, (eflags & kInterruptFlag) != 0 ? "IF" : "IF clear: interrupts masked");
}

const char *name_of(const StackFrame *frame)
{
    return frame != nullptr && frame->function ? frame->function->name : "?";
}

std::optional<unsigned> column_at(const StackWord &word)
{
    if (word.frame->changed_ring && word.address - word.frame->cfa < 2 * kWord)
        return word.address == word.frame->cfa ? COLUMN_ESP : COLUMN_SS;
    for (const SavedRegister &entry : word.frame->rule.saved)
        if (entry.place < SavedRegister::kInRegister &&
            word.frame->cfa + static_cast<uint32_t>(entry.place) * kWord == word.address)
            return entry.column;
    return std::nullopt;
}

// The number of the callee's argument that the word holds, from 1 on; 0 if it holds none.
uint32_t argument_number(const StackWord &word)
{
    if (word.callee == nullptr || word.callee->rule.interrupted)
        return 0;
    const uint32_t number = (word.address - word.callee->cfa) / kWord + 1;
    return number <= word.arguments ? number : 0;
}

bool is_in(const StackWord &word, std::string_view function)
{
    return name_of(word.frame) == function;
}

// Who wrote this word of an interrupt frame. cbfmanager and user_return consume frames they did not push; for a new
// process, or before a detour, the kernel built the frame itself.
const char *pusher(const StackWord &word, bool by_pushal)
{
    if (is_in(word, "cbfmanager"))
        return "kept for the end of the detour";
    if (is_in(word, "user_return"))
        return by_pushal ? "for popal" : "for iret";
    if (by_pushal)
        return "pushed by pushal";
    if (is_in(word, "cbfreturn"))
        return "pushed by cbfreturn";
    return is_in(word, "sysenter_entry") ? "pushed by sysenter_entry" : "pushed by the CPU";
}

void print_register(Sink sink, const StackWord &word, const char *name, bool by_pushal = true)
{
    print(sink, "%s", name);
    if (word.caller != nullptr)
        print(sink, " of %s", name_of(word.caller));
    if (word.frame->rule.interrupted)
        print(sink, ", %s", pusher(word, by_pushal));
    else
        print(sink, ", saved by %s", name_of(word.frame));
}

bool is_planted(const StackOwner &owner, const StackWord &word)
{
    return word.value == owner.known.cbfreturn && owner.known.original != 0;
}

void print_return_address(Sink sink, const StackOwner &owner, const StackWord &word)
{
    if (word.frame->rule.interrupted)
        print(sink, "EIP, %s: ", pusher(word, false));
    else
        print(sink, "return address of %s: ", name_of(word.frame));
    const bool planted = is_planted(owner, word);
    const bool is_call = word.caller != nullptr && !word.caller->exact && !planted;
    if (!owner.code.symbol(word.value, 0))
        print(sink, "no code");
    print_code_address(sink, owner.code, word.value, is_call ? 1 : 0);
    if (word.value == owner.known.userret)
        print(sink, ", INITRET of create()");
    if (planted) {
        print(sink, ", planted; proctab[%d].prdetour.original keeps ", static_cast<int>(owner.pid));
        print_code_address(sink, owner.code, owner.known.original, 1);
    }
    if (word.caller != nullptr && word.caller->no_call)
        print(sink, ", no call ends there");
}

void print_claimed(Sink sink, const StackOwner &owner, const StackWord &word, unsigned column, const char *kind)
{
    print(sink, "claimed %s callback: ", kind);
    const ClaimedWord judged = judge_claimed(owner, column, word.value, word.frame->eip() >= USER_BEGIN);
    if (judged == ClaimedWord::kNone)
        print(sink, "none, or it has run");
    if (judged == ClaimedWord::kNoCode)
        print(sink, "no code");
    else
        print_code_address(sink, owner.code, word.value, 0);
    if (judged == ClaimedWord::kUnclaimed)
        print(sink, ", but no %s callback is claimed", kind);
}

void print_selector(Sink sink, const StackWord &word, const char *name)
{
    print_register(sink, word, name, false);
    print(sink, ": ring %u", unsigned{word.value & 3});
}

// A segment register of ring 3, saved by the entry code and loaded by user_return.
void print_segment(Sink sink, const StackWord &word, const char *name)
{
    print(sink, "%s of %s, %s %s", name, name_of(word.caller), is_in(word, "user_return") ? "for" : "stored by",
          name_of(word.frame));
}

void print_pushal_esp(Sink sink, const StackWord &word)
{
    if (is_in(word, "cbfmanager") && is_user_address(word.address)) // in a DetourRecord
        print(sink, "ESP of %s; not restored from here", name_of(word.caller));
    else
        print(sink, is_in(word, "user_return") ? "ESP; popal skips it" : "ESP at pushal; popal skips it");
}

void print_column(Sink sink, const StackOwner &owner, const StackWord &word, unsigned column)
{
    switch (column) {
    case COLUMN_EIP:
        return print_return_address(sink, owner, word);
    case COLUMN_EIP_TO_COME:
        if (word.value != 0)
            return print_return_address(sink, owner, word);
        print(sink, "EIP, not filled in yet");
        return;
    case COLUMN_EBP:
        print_register(sink, word, "EBP");
        print(sink, " -> %08x", unsigned{word.value});
        return;
    case COLUMN_EFLAGS:
        print_register(sink, word, "EFLAGS", false);
        print(sink, ": ");
        return print_flags(sink, word.value);
    case COLUMN_CS:
        return print_selector(sink, word, "CS");
    case COLUMN_SS:
        return print_selector(sink, word, "SS");
    case COLUMN_DS:
        return print_segment(sink, word, "DS");
    case COLUMN_ES:
        return print_segment(sink, word, "ES");
    case COLUMN_ESP:
        return print_register(sink, word, "ESP", false);
    case COLUMN_PUSHAL_ESP:
        return print_pushal_esp(sink, word);
    case COLUMN_OWN_EBP:
        print(sink, "EBP of %s itself -> %08x", name_of(word.frame), unsigned{word.value});
        return;
    case COLUMN_ALARM:
        return print_claimed(sink, owner, word, column, "alarm");
    case COLUMN_MESSAGE:
        return print_claimed(sink, owner, word, column, "message");
    case COLUMN_VACATION:
        return print_claimed(sink, owner, word, column, "vacation");
    case COLUMN_DETOUR_EIP:
        print(sink, "EIP of the second frame, for iret: ");
        return print_code_address(sink, owner.code, word.value, 0);
    case COLUMN_DETOUR_CS:
        print(sink, "CS of the second frame");
        return;
    case COLUMN_DETOUR_EFLAGS:
        print(sink, "EFLAGS of the second frame: ");
        return print_flags(sink, word.value);
    case COLUMN_IRQ:
        print(sink, "number of the IRQ");
        return;
    case COLUMN_VECTOR:
        print(sink, "vector of the exception, pushed by its stub");
        return;
    case COLUMN_ERROR:
        print(sink, "error code, pushed by the CPU, or a 0 by the stub");
        return;
    default:
        print_register(sink, word, column < kRegisters.size() ? kRegisters[column] : "register");
    }
}

} // namespace

ClaimedWord judge_claimed(const StackOwner &owner, unsigned column, uint32_t value, bool in_ring3)
{
    if (value == 0)
        return ClaimedWord::kNone;
    if (!owner.code.symbol(value, 0) || (value >= USER_BEGIN) != in_ring3)
        return ClaimedWord::kNoCode;
    const uint32_t kind = column == COLUMN_ALARM ? CB_ALARM : column == COLUMN_MESSAGE ? CB_MESSAGE : 0;
    return (owner.known.running & kind) == kind ? ClaimedWord::kWaits : ClaimedWord::kUnclaimed;
}

WordKind kind_of(const StackOwner &owner, const StackWord &word)
{
    if (argument_number(word) != 0)
        return WordKind::kArgument;
    const auto column = column_at(word);
    if (!column)
        return WordKind::kOwn;
    if (*column >= COLUMN_ALARM && *column <= COLUMN_VACATION)
        return WordKind::kClaimed;
    if (*column >= COLUMN_DETOUR_EIP && *column <= COLUMN_DETOUR_EFLAGS)
        return WordKind::kSecondFrame;
    if (word.frame->rule.interrupted)
        return WordKind::kFrame;
    if (*column != COLUMN_EIP)
        return WordKind::kSavedRegister;
    return is_planted(owner, word) ? WordKind::kPlanted : WordKind::kReturnAddress;
}

bool is_own(const StackWord &word)
{
    return argument_number(word) == 0 && !column_at(word);
}

void print_role(Sink sink, const StackOwner &owner, const StackWord &word)
{
    if (const uint32_t number = argument_number(word)) {
        print(sink, "argument %u of %s", unsigned{number}, name_of(word.callee));
        if (const auto symbol = owner.code.symbol(word.value, 0); symbol && symbol->offset == 0)
            print(sink, ": %s", symbol->name);
    } else if (const auto column = column_at(word)) {
        print_column(sink, owner, word, *column);
    } else {
        print(sink, "%s's own", name_of(word.frame));
    }
}

// Compilers remove arguments by `add $n, %esp`, in either encoding, or by `pop` into a caller-saved register.
uint32_t argument_words(const MemoryReader &memory, uint32_t return_address)
{
    constexpr uint32_t kMost = 64;
    const uint32_t code = memory.word(return_address).value_or(0);
    uint32_t words = 0;
    if ((code & 0xFFFF) == 0xC483)
        words = (code >> 16 & 0x80) == 0 ? (code >> 16 & 0x7F) / kWord : 0; // negative: room for variables
    else if ((code & 0xFFFF) == 0xC481)
        words = memory.word(return_address + 2).value_or(0) / kWord;
    else
        for (; words < kWord && ((code >> 8 * words & 0xFF) == 0x59 || (code >> 8 * words & 0xFF) == 0x5A);)
            ++words;
    return words <= kMost ? words : 0;
}

} // namespace detour
