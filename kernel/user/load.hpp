// load.hpp - loading a program into a new ring-3 process
#pragma once

#include "kernel/base/process_list.hpp"
#include "kernel/process/account.hpp"
#include "kernel/user/program.hpp"

#include <xinu/types.h>

#include <array>
#include <cstdint>
#include <span>

namespace detour
{

// The arguments of main(), copied before the process exists: a bad pointer is then a fault of the caller alone.
struct Arguments {
    static constexpr uint32_t kMaxCount = 64;

    uint32_t count = 0;
    uint32_t bytes = 0;
    std::array<uint16_t, kMaxCount> offsets{}; // of the strings in the text
    char text[2048] = {};                      // one after the other, each with its NUL

    // The room for the next string.
    std::span<char> room() { return std::span(text).subspan(bytes); }

    // Appends the string of this length that the caller copied to room(). Returns false if it and its NUL do not fit,
    // or there are too many arguments.
    bool accept(uint32_t length);
};

struct NewUserProcess {
    const Program *program;
    pri16 priority;
    uint32_t capabilities;
    const Arguments *arguments;
    Charging charging{};  // with an account: all ring-3 processes are charged
    bool enabled = false; // interrupts may be taken during the load, and other processes run
};

// Creates a suspended ring-3 process that will enter the program with these arguments on its stack. Returns kNoProcess,
// with nothing changed, if the table is full, memory runs out, or its account does not allow it; or if the program's
// file is invalid, which is reported on the console.
ProcessId begin_user_process(const NewUserProcess &wanted);

} // namespace detour
