// fake_stack.hpp - a process's stack and the code whose frames are on it, for tests of the unwinder
#pragma once

#include "tests/host/fake_types.hpp"

#include "kernel/unwind/backtrace.hpp"
#include "kernel/unwind/stack_words.hpp"
#include "tests/host/code_tables_file.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace detour::fake
{

// Functions of 0x100 bytes each, with frame pointers where nothing else is said.
enum Code : uint32_t {
    kUserret = 0x100000, // INITRET: its first byte is behind a nop
    kMain = 0x100100,
    kWork = 0x100200,
    kLeaf = 0x100300,
    kCtxsw = 0x100400,      // from kResumption on: all registers below the return address
    kClkdisp = 0x100500,    // after pushal
    kIrq = 0x100600,        // either ring, after pushal
    kCbfreturn = 0x100700,  // 1: EIP is still to be filled in; 2: it is
    kCbfmanager = 0x100800, // like clkdisp, with three claimed callbacks below
    kStart = 0x100900,      // _start: outermost
    kRegister = 0x100A00,   // a frame whose EBX lies in ESI
    kBare = 0x100B00,       // without call frame information
    kCodeEnd = 0x100C00,
    kUserMain = 0x40000100,
    kUserStart = 0x40000200,
    kUserCodeEnd = 0x40000300,
};
constexpr uint32_t kResumption = kCtxsw + 0x10;

using Saved = TablesFile::Saved;

inline std::vector<Saved> interrupt_frame()
{
    return {{COLUMN_EIP, -3}, {COLUMN_CS, -2},   {COLUMN_EFLAGS, -1}, {COLUMN_EAX, -4},
            {COLUMN_ECX, -5}, {COLUMN_EDX, -6},  {COLUMN_EBX, -7},    {COLUMN_PUSHAL_ESP, -8},
            {COLUMN_EBP, -9}, {COLUMN_ESI, -10}, {COLUMN_EDI, -11}};
}

inline std::vector<std::byte> kernel_tables()
{
    TablesFile file;
    file.line(kUserret, "arch/x86/entry/userret.S", 16);
    file.line(kMain, "main.c", 10);
    file.line(kWork, "main.c", 20);
    file.line(kLeaf, "", 0);
    file.symbol(kUserret, "userret");
    file.rule(kUserret, COLUMN_ESP, 0, TablesFile::kOutermost, {});
    const std::pair<uint32_t, const char *> plain[] = {{kMain, "main"}, {kWork, "work"}, {kLeaf, "leaf"}};
    for (const auto &[address, text] : plain)
        file.frame_pointer_function(address, address + 0x100, text);
    file.symbol(kCtxsw, "ctxsw");
    file.rule(kCtxsw, COLUMN_ESP, 1, 0, {{COLUMN_EIP, -1}});
    file.rule(kResumption, COLUMN_ESP, 11, 0,
              {{COLUMN_EIP, -1},
               {COLUMN_EBP, -2},
               {COLUMN_EFLAGS, -3},
               {COLUMN_EAX, -4},
               {COLUMN_ECX, -5},
               {COLUMN_EDX, -6},
               {COLUMN_EBX, -7},
               {COLUMN_PUSHAL_ESP, -8},
               {COLUMN_OWN_EBP, -9},
               {COLUMN_ESI, -10},
               {COLUMN_EDI, -11}});
    file.symbol(kClkdisp, "clkdisp");
    file.rule(kClkdisp, COLUMN_ESP, 11, TablesFile::kInterrupted, interrupt_frame());
    file.symbol(kIrq, "irq_entry");
    file.rule(kIrq, COLUMN_ESP, 11, TablesFile::kInterrupted | TablesFile::kEitherRing, interrupt_frame());
    file.symbol(kCbfreturn, "cbfreturn");
    file.rule(kCbfreturn, COLUMN_ESP, 0, TablesFile::kInterrupted | TablesFile::kOutermost, {});
    file.rule(kCbfreturn + 1, COLUMN_ESP, 3, TablesFile::kInterrupted | TablesFile::kOutermost,
              {{COLUMN_EIP_TO_COME, -3}, {COLUMN_CS, -2}, {COLUMN_EFLAGS, -1}});
    file.rule(kCbfreturn + 2, COLUMN_ESP, 3, TablesFile::kInterrupted,
              {{COLUMN_EIP, -3}, {COLUMN_CS, -2}, {COLUMN_EFLAGS, -1}});
    auto saved = interrupt_frame();
    saved.insert(saved.end(), {{COLUMN_ALARM, -14}, {COLUMN_MESSAGE, -13}, {COLUMN_VACATION, -12}});
    file.symbol(kCbfmanager, "cbfmanager");
    file.rule(kCbfmanager, COLUMN_ESP, 14, TablesFile::kInterrupted, saved);
    file.symbol(kStart, "_start");
    file.rule(kStart, COLUMN_ESP, 1, TablesFile::kOutermost, {});
    file.symbol(kRegister, "in_register");
    file.rule(kRegister, COLUMN_ESP, 1, 0, {{COLUMN_EIP, -1}, {COLUMN_EBX, TablesFile::kInRegister + COLUMN_ESI}});
    file.symbol(kBare, "bare");
    file.rule_end(kBare);
    file.symbol_end(kCodeEnd);
    return file.bytes();
}

inline std::vector<std::byte> program_tables()
{
    TablesFile file;
    file.frame_pointer_function(kUserMain, kUserStart, "main");
    file.symbol(kUserStart, "_start");
    file.rule(kUserStart, COLUMN_ESP, 1, TablesFile::kOutermost, {});
    file.symbol_end(kUserCodeEnd);
    file.rule_end(kUserCodeEnd);
    return file.bytes();
}

// Words of memory; what was not put there cannot be read, and counts as a read outside.
class FakeStack
{
public:
    static constexpr uint32_t kEnd = 0x200100; // of the kernel stack: where STACKMAGIC is
    static constexpr uint32_t kLow = 0x200000;
    static constexpr uint32_t kUserEnd = 0xBEFFF000;

    FakeStack() : kernel_(kernel_tables()), program_(program_tables())
    {
        owner.code = {CodeTables(kernel_.bytes()), CodeTables(program_.bytes())};
        owner.known = {kUserret, kCbfreturn, 0, 0};
        owner.kernel_stack = {kLow, kEnd};
        owner.pid = 7;
        for (uint32_t address = kLow; address < kEnd; address += 4)
            words[address] = 0;
        words[kEnd] = 0x0A0AAAA9;                           // STACKMAGIC
        code(kUserret - 5, {0x90, 0x90, 0x90, 0x90, 0x90}); // nothing calls INITRET
        for (const uint32_t back : {kMain + 0x20U, kWork + 0x20U})
            code(back - 7, {0x90, 0x90, 0x90, 0x90, 0x90, 0xFF, 0xD0}); // call *%eax
    }
    FakeStack(const FakeStack &) = delete;
    FakeStack &operator=(const FakeStack &) = delete;

    // Puts these words from there upwards; returns the address behind them.
    uint32_t put(uint32_t address, const std::vector<uint32_t> &values)
    {
        for (const uint32_t value : values) {
            words[address] = value;
            address += 4;
        }
        return address;
    }
    // Bytes of code.
    void code(uint32_t address, const std::vector<uint8_t> &bytes)
    {
        for (const uint8_t byte : bytes)
            code_[address++] = byte;
    }

    std::optional<uint32_t> read(uint32_t address) const
    {
        ++reads;
        if (const auto word = words.find(address); word != words.end())
            return word->second;
        uint32_t word = 0;
        bool any = false;
        for (uint32_t i = 0; i < 4; ++i)
            if (const auto byte = code_.find(address + i); byte != code_.end()) {
                any = true;
                word |= uint32_t{byte->second} << 8 * i;
            }
        return any ? std::optional(word) : std::nullopt;
    }
    MemoryReader memory() const
    {
        return {[](const void *context, uint32_t address) {
                    return static_cast<const FakeStack *>(context)->read(address);
                },
                this};
    }

    static StackStart at(uint32_t eip, uint32_t esp, uint32_t ebp = 0, bool exact = true)
    {
        StackStart start;
        start.registers[COLUMN_EIP] = eip;
        start.registers[COLUMN_ESP] = esp;
        start.registers[COLUMN_EBP] = ebp;
        start.exact = exact;
        return start;
    }

    std::vector<StackFrame> unwind(const StackStart &start) const
    {
        Unwinder unwinder(owner.code, memory(), owner.known, start.registers, start.exact);
        std::vector<StackFrame> frames;
        while (const auto frame = unwinder.next()) {
            frames.push_back(*frame);
            EXPECT_LE(frames.size(), Unwinder::kMaxDepth);
        }
        EXPECT_FALSE(unwinder.next());
        return frames;
    }

    // `leaf+2 < main+5 |` with the way it ended: `|` complete, `!` broken.
    static std::string names(const std::vector<StackFrame> &frames)
    {
        std::string text;
        for (const StackFrame &frame : frames) {
            text += frame.function ? frame.function->name + ("+" + std::to_string(frame.function->offset)) : "?";
            text += frame.next == StackFrame::Next::kCaller ? " < "
                    : frame.next == StackFrame::Next::kNone ? " |"
                                                            : " !";
        }
        return text;
    }
    std::string chain(const StackStart &start) const { return names(unwind(start)); }

    std::string text(const StackStart &start, StackLimit limit = {}) const
    {
        std::string result;
        const Sink sink{[](void *to, char c) { static_cast<std::string *>(to)->push_back(c); }, &result};
        print_stack_words(sink, owner, memory(), start, limit);
        return result;
    }

    // The kinds of the words, low addresses first.
    std::vector<WordKind> kinds(const StackStart &start) const
    {
        std::vector<WordKind> result;
        const Sink nowhere{[](void *, char) {}, nullptr};
        const auto see = [](void *to, uint32_t, uint32_t, WordKind kind) {
            static_cast<std::vector<WordKind> *>(to)->push_back(kind);
        };
        print_stack_words(nowhere, owner, memory(), start, {}, {}, {see, &result});
        return result;
    }

    std::string backtrace(const StackStart &start) const
    {
        std::string result;
        const Sink sink{[](void *to, char c) { static_cast<std::string *>(to)->push_back(c); }, &result};
        print_active_functions(sink, owner, memory(), start);
        return result;
    }

    StackOwner owner;
    std::map<uint32_t, uint32_t> words;
    mutable uint64_t reads = 0;

private:
    ExactBytes kernel_, program_;
    std::map<uint32_t, uint8_t> code_;
};

} // namespace detour::fake
