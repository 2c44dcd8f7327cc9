// stack_library.cpp - the kernel's description of stacks (kernel/unwind/stack_words.hpp), for gdb's Python
//
// tools/gdb/native.py compiles this together with the kernel's files for the machine that runs gdb, and calls the
// functions below. The structs are mirrored there, field by field.
#include "kernel/image/elf_format.hpp"
#include "kernel/unwind/backtrace.hpp"
#include "kernel/unwind/stack_words.hpp"
#include "kernel/unwind/word_roles.hpp"

#include <xinu/userspace.h>

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

using namespace detour;

extern "C" {

struct Process {
    const char *kernel_tables;  // bytes of the image's code tables
    const char *program_tables; // of the program's, or none
    uint32_t kernel_bytes, program_bytes;
    uint32_t userret, cbfreturn, slot, original, running; // KnownAddresses
    uint32_t kernel_low, kernel_end, user_low, user_end;  // the stacks
    uint32_t pid;
    uint32_t registers[COLUMN_EIP + 1];
    uint32_t exact;
    uint32_t (*read)(uint32_t address, uint32_t *word); // 0: there is no memory
};

struct ActiveFunction {
    uint32_t eip, esp, cfa, return_slot;
    uint32_t exact, interrupted, no_call, known,
        next; // known: by call frame information; next: StackFrame::Next
    uint32_t registers[COLUMN_EIP + 1];
    uint32_t claimed[3]; // the words for claimed callbacks: alarm, message, vacation; 0: none
    uint32_t judged[3];  // ClaimedWord of each
    char name[64];       // of the function, empty if unknown
    char place[96];      // function+offset (file:line)
};

struct DescribedWord {
    uint32_t address, value;
    uint32_t kind;       // WordKind
    const char *role;    // until the next call of list_words()
    uint32_t role_bytes; // without the line end
};

// The sizes of the structs, for native.py to compare with its own.
uint32_t process_bytes();
uint32_t active_function_bytes();
uint32_t described_word_bytes();

const char *stack_words(const Process *process, uint32_t most_words);
uint32_t list_words(const Process *process, const DescribedWord **first);
const char *active_functions(const Process *process);
uint32_t list_functions(const Process *process, ActiveFunction *list, uint32_t length);
const char *code_address(const Process *process, uint32_t address, uint32_t back);
uint32_t find_section(const char *file, uint32_t bytes, const char *name, uint32_t *offset);
}

namespace
{

std::string text; // the last result

std::vector<DescribedWord> words; // of the last list_words()

const Sink sink{[](void *, char c) { text += c; }, nullptr};

std::span<const std::byte> bytes(const char *first, uint32_t count)
{
    return {reinterpret_cast<const std::byte *>(first), count};
}

StackOwner owner_of(const Process &process)
{
    return {{CodeTables(bytes(process.kernel_tables, process.kernel_bytes)),
             CodeTables(bytes(process.program_tables, process.program_bytes))},
            {process.userret, process.cbfreturn, process.slot, process.original, process.running},
            {process.kernel_low, process.kernel_end},
            {process.user_low, process.user_end},
            static_cast<pid32>(process.pid)};
}

MemoryReader reader_of(const Process &process)
{
    return {[](const void *context, uint32_t address) -> std::optional<uint32_t> {
                uint32_t word = 0;
                return static_cast<const Process *>(context)->read(address, &word) != 0 ? std::optional(word)
                                                                                        : std::nullopt;
            },
            &process};
}

StackStart start_of(const Process &process)
{
    return {std::to_array(process.registers), process.exact != 0};
}

// The word of this column in the frame. While a function is called from there, what was in a register is lost.
uint32_t word_of(const MemoryReader &memory, const StackFrame &frame, unsigned column)
{
    const auto place = frame.rule.place_of(column);
    if (!place || (*place >= SavedRegister::kInRegister && !frame.exact))
        return 0;
    if (*place >= SavedRegister::kInRegister)
        return frame.registers[*place - SavedRegister::kInRegister];
    return memory.word(frame.cfa + static_cast<uint32_t>(*place) * 4).value_or(0);
}

void find_claimed(const StackOwner &owner, const MemoryReader &memory, const StackFrame &frame,
                  ActiveFunction &function)
{
    const unsigned columns[] = {COLUMN_ALARM, COLUMN_MESSAGE, COLUMN_VACATION};
    for (unsigned i = 0; i < std::size(columns); ++i) {
        function.claimed[i] = word_of(memory, frame, columns[i]);
        function.judged[i] =
            static_cast<uint32_t>(judge_claimed(owner, columns[i], function.claimed[i], frame.eip() >= USER_BEGIN));
    }
}

// Its role is the rest of this line of the text, which is not there yet.
void add_word(void *, uint32_t address, uint32_t value, WordKind kind)
{
    words.push_back({address, value, static_cast<uint32_t>(kind), nullptr, static_cast<uint32_t>(text.size())});
}

void copy(std::span<char> to, const std::string &from)
{
    std::snprintf(to.data(), to.size(), "%s", from.c_str());
}

} // namespace

uint32_t process_bytes()
{
    return sizeof(Process);
}

uint32_t active_function_bytes()
{
    return sizeof(ActiveFunction);
}

uint32_t described_word_bytes()
{
    return sizeof(DescribedWord);
}

const char *stack_words(const Process *process, uint32_t most_words)
{
    text.clear();
    print_stack_words(sink, owner_of(*process), reader_of(*process), start_of(*process), {most_words});
    return text.c_str();
}

uint32_t list_words(const Process *process, const DescribedWord **first)
{
    text.clear();
    words.clear();
    print_stack_words(sink, owner_of(*process), reader_of(*process), start_of(*process), {}, {}, {add_word, nullptr});
    for (DescribedWord &word : words) {
        const std::size_t begin = word.role_bytes;
        word.role = text.data() + begin;
        word.role_bytes = static_cast<uint32_t>(text.find('\n', begin) - begin);
    }
    *first = words.data();
    return static_cast<uint32_t>(words.size());
}

const char *active_functions(const Process *process)
{
    text.clear();
    print_active_functions(sink, owner_of(*process), reader_of(*process), start_of(*process));
    return text.c_str();
}

uint32_t list_functions(const Process *process, ActiveFunction *list, uint32_t length)
{
    const StackOwner owner = owner_of(*process);
    const StackStart start = start_of(*process);
    Unwinder unwinder(owner.code, reader_of(*process), owner.known, start.registers, start.exact);
    uint32_t count = 0;
    for (auto frame = unwinder.next(); frame && count < length; frame = unwinder.next()) {
        ActiveFunction &function = list[count++];
        function = {frame->eip(),
                    frame->esp(),
                    frame->cfa,
                    frame->return_slot,
                    frame->exact,
                    frame->rule.interrupted,
                    frame->no_call,
                    owner.code.at(frame->eip()).rule(frame->eip() - frame->back()).has_value(),
                    static_cast<uint32_t>(frame->next),
                    {},
                    {},
                    {},
                    {},
                    {}};
        find_claimed(owner, reader_of(*process), *frame, function);
        std::copy(frame->registers.begin(), frame->registers.end(), function.registers);
        copy(function.name, frame->function ? frame->function->name : "");
        text.clear();
        print_code_address(sink, owner.code, frame->eip(), frame->back());
        copy(function.place, text);
    }
    return count;
}

const char *code_address(const Process *process, uint32_t address, uint32_t back)
{
    text.clear();
    print_code_address(sink, owner_of(*process).code, address, back);
    return text.c_str();
}

uint32_t find_section(const char *file, uint32_t count, const char *name, uint32_t *offset)
{
    const auto section = elf::find_section(bytes(file, count), name);
    if (!section)
        return 0;
    *offset = static_cast<uint32_t>(reinterpret_cast<const char *>(section->data()) - file);
    return static_cast<uint32_t>(section->size());
}
