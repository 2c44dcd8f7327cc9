// fake_user_world.hpp - the kernel just after boot, with a ring-3 program to start
#pragma once

#include "tests/host/fake_arch.hpp"
#include "tests/host/fake_user.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/process_table.hpp"
#include "kernel/user/load.hpp"

#include <xinu/userspace.h>

#include <cstring>

namespace detour::fake
{

// The program: text of more than a page, constants, and data that begins at the end of a page, is in part in the file,
// and ends at the end of a page. The byte at offset n of the file is content(n).
namespace sample
{
constexpr uint32_t kText = USER_BEGIN, kTextBytes = 0x1234, kTextOffset = 0x600;
constexpr uint32_t kConstants = USER_BEGIN + 0x2100, kConstantBytes = 0x20, kConstantOffset = 0x1900;
constexpr uint32_t kData = USER_BEGIN + 0x3FF0, kDataFileBytes = 0x20, kDataBytes = 0x2010, kDataOffset = 0x1A03;
constexpr uint32_t kEntry = kText + 0x10;
constexpr uint32_t kHeap = kData + kDataBytes;
constexpr uint32_t kWritable = USER_BEGIN + 0x3000; // the first page that is: three of them, up to kHeap
constexpr uint32_t kStack = USER_STACK_END - USER_STACK_BYTES;

constexpr uint8_t content(uint32_t file_offset)
{
    return static_cast<uint8_t>(1 + file_offset % 251); // never 0
}
extern Program program;
} // namespace sample

// A function of the program, as the kernel's tables keep it.
inline callback function_at(uint32_t address)
{
    return reinterpret_cast<callback>(uintptr_t{address});
}

class UserWorld : public World
{
protected:
    void SetUp() override;
    void TearDown() override; // what expect_agreement() expects holds at the end of every test

    // A new process of the program, suspended.
    static ProcessId start(pri16 priority = 30, const Arguments &arguments = {});

    // Makes a suspended process the current one; and a new one. Its priority must be above that of all others.
    static void run(ProcessId pid);
    static ProcessId enter(pri16 priority = 30);

    // Page tables, page owners, the window and the process table do not contradict each other.
    static void expect_agreement();

    // Expects that the statement ends the current process, with just these words on the console.
    static void expect_ended(const std::function<void()> &statement, const std::string &words);

    // Takes all memory but this many neighbouring pages; and gives it back.
    static void fill_memory(uint32_t pages_left);
    static void empty_memory();

    // Memory of a process as the process sees it; it must be mapped.
    static char &byte_of(ProcessId pid, uint32_t address);
    template <typename Value> static Value read(uint32_t address)
    {
        Value value;
        for (uint32_t i = 0; i < sizeof value; ++i)
            reinterpret_cast<char *>(&value)[i] = byte_of(current(), address + i);
        return value;
    }
    static void write_text(uint32_t address, std::string_view text)
    {
        for (const char c : text)
            byte_of(current(), address++) = c;
    }
};

} // namespace detour::fake
