// stack_module.cpp - the kernel's description of stacks (kernel/unwind/stack_words.hpp), compiled to WebAssembly
//
// tools/live/stack_words.js fills `subject`, calls describe() or active(), and reads the results: numbers of 32 bits in
// rows, and one text. The machine's memory is read through the import `read`. gdb has the same code as a library:
// tools/gdb/stack_library.cpp.
#include "kernel/image/elf_format.hpp"
#include "kernel/unwind/stack_words.hpp"

#include <xinu/process.h>

#include <cstddef>
#include <cstdint>
#include <span>

using namespace detour;

#define EXPORT extern "C" [[gnu::visibility("default")]]

// 0: there is no memory at this address.
extern "C" [[clang::import_module("env"), clang::import_name("read")]] uint32_t page_read(uint32_t address,
                                                                                          uint32_t *word);

namespace
{

struct Process {
    uint32_t kernel_tables, kernel_bytes, program_tables, program_bytes; // addresses in this module's memory
    uint32_t userret, cbfreturn, slot, original, running;                // KnownAddresses
    uint32_t kernel_low, kernel_end, user_low, user_end;                 // the stacks
    uint32_t pid;
    uint32_t registers[COLUMN_EIP + 1];
    uint32_t exact;
};

struct Word {
    uint32_t address, value, kind, role; // role: where it begins in the text; it ends with the line
};

struct Function {
    uint32_t name, place, esp, cfa, eip; // name, place: where they begin in the text; they end with the line
};

constexpr uint32_t kMostText = 1 << 20, kMostWords = 1 << 14, kMostFunctions = 1000;

Process subject;
char text[kMostText];
uint32_t length;
Word word_list[kMostWords];
uint32_t word_count;
Function function_list[kMostFunctions];
alignas(16) char arena[1 << 20]; // for code tables

const Sink sink{[](void *, char c) {
                    if (length < kMostText)
                        text[length++] = c;
                },
                nullptr};

const MemoryReader memory{[](const void *, uint32_t address) -> std::optional<uint32_t> {
                              uint32_t word = 0;
                              return page_read(address, &word) != 0 ? std::optional(word) : std::nullopt;
                          },
                          nullptr};

std::span<const std::byte> bytes(uint32_t first, uint32_t count)
{
    return {reinterpret_cast<const std::byte *>(first), count};
}

StackOwner owner()
{
    return {{CodeTables(bytes(subject.kernel_tables, subject.kernel_bytes)),
             CodeTables(bytes(subject.program_tables, subject.program_bytes))},
            {subject.userret, subject.cbfreturn, subject.slot, subject.original, subject.running},
            {subject.kernel_low, subject.kernel_end},
            {subject.user_low, subject.user_end},
            static_cast<pid32>(subject.pid)};
}

StackStart start()
{
    return {std::to_array(subject.registers), subject.exact != 0};
}

void add_word(void *, uint32_t address, uint32_t value, WordKind kind)
{
    if (word_count < kMostWords)
        word_list[word_count++] = {address, value, static_cast<uint32_t>(kind), length};
}

uint32_t put_line(const char *line)
{
    const uint32_t begin = length;
    print(sink, "%s\n", line);
    return begin;
}

uint32_t put_place(const ProcessCode &code, uint32_t address, uint32_t back)
{
    const uint32_t begin = length;
    print_code_address(sink, code, address, back);
    print(sink, "\n");
    return begin;
}

} // namespace

EXPORT uint32_t subject_at()
{
    return reinterpret_cast<uint32_t>(&subject);
}

EXPORT uint32_t text_at()
{
    return reinterpret_cast<uint32_t>(text);
}

EXPORT uint32_t words_at()
{
    return reinterpret_cast<uint32_t>(word_list);
}

EXPORT uint32_t functions_at()
{
    return reinterpret_cast<uint32_t>(function_list);
}

EXPORT uint32_t arena_at()
{
    return reinterpret_cast<uint32_t>(arena);
}

EXPORT uint32_t text_length()
{
    return length;
}

// The words of the process's stacks from ESP up. Returns how many.
EXPORT uint32_t describe()
{
    length = word_count = 0;
    print_stack_words(sink, owner(), memory, start(), {}, {}, {add_word, nullptr});
    return word_count;
}

// The functions that are active, innermost first. Returns how many.
EXPORT uint32_t active()
{
    length = 0;
    const StackOwner whose = owner();
    const StackStart begin = start();
    Unwinder unwinder(whose.code, memory, whose.known, begin.registers, begin.exact);
    uint32_t count = 0;
    for (auto frame = unwinder.next(); frame && count < kMostFunctions; frame = unwinder.next())
        function_list[count++] = {put_line(frame->function ? frame->function->name : ""),
                                  put_place(whose.code, frame->eip(), frame->back()), frame->esp(), frame->cfa,
                                  frame->eip()};
    return count;
}

// `function+offset (file:line)` of a code address, in the text; an empty line if it is none.
EXPORT void code_address(uint32_t address, uint32_t back)
{
    length = 0;
    put_place(owner().code, address, back);
}

#define FIELD(name) print(sink, #name " %u %u\n", unsigned{offsetof(procent, name)}, unsigned{sizeof(procent::name)})
#define DETOUR_FIELD(name)                                                                                             \
    print(sink, "prdetour." #name " %u %u\n", unsigned{offsetof(procent, prdetour) + offsetof(detourstate, name)},     \
          unsigned{sizeof(detourstate::name)})

// A line `name offset bytes` for each field of an entry of the process table, and one with the size of an entry.
EXPORT void entry_layout()
{
    length = 0;
    FIELD(prstate), FIELD(prprio), FIELD(prstkptr), FIELD(prstkbase), FIELD(prstklen), FIELD(prname), FIELD(prsem);
    FIELD(prmsg), FIELD(prhasmsg), FIELD(pretype), FIELD(pralarmreg), FIELD(pralarmtime), FIELD(prcbf1);
    FIELD(prmsgreg), FIELD(prcbf2), FIELD(prring), FIELD(prbirth);
    DETOUR_FIELD(running), DETOUR_FIELD(arrived), DETOUR_FIELD(vacation), DETOUR_FIELD(slot), DETOUR_FIELD(original);
    print(sink, "procent 0 %u\n", unsigned{sizeof(procent)});
}

// What the compiler and libstdc++ call of the C library.
extern "C" {

void *memcpy(void *to, const void *from, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        static_cast<char *>(to)[i] = static_cast<const char *>(from)[i];
    return to;
}

void *memmove(void *to, const void *from, std::size_t count)
{
    if (to < from)
        return memcpy(to, from, count);
    while (count-- > 0)
        static_cast<char *>(to)[count] = static_cast<const char *>(from)[count];
    return to;
}

void *memset(void *to, int value, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        static_cast<char *>(to)[i] = static_cast<char>(value);
    return to;
}

int memcmp(const void *a, const void *b, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        if (const int d = static_cast<const unsigned char *>(a)[i] - static_cast<const unsigned char *>(b)[i])
            return d;
    return 0;
}

std::size_t strlen(const char *string)
{
    std::size_t length = 0;
    while (string[length] != 0)
        ++length;
    return length;
}

// Of a long double: what describes stacks prints none.
double __trunctfdf2(long double)
{
    __builtin_trap();
}
}
