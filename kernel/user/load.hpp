// load.hpp - the beginning of a ring-3 process
#pragma once

#include "kernel/base/process_list.hpp"
#include "kernel/process/account.hpp"
#include "kernel/user/program.hpp"

#include <xinu/types.h>

#include <cstdint>
#include <span>

namespace detour
{

// The arguments of main(), collected before the process exists: the caller's memory is its own affair.
struct Arguments {
    static constexpr uint32_t kMaxCount = 64;

    uint32_t count = 0;
    uint32_t bytes = 0;
    char text[2048] = {}; // the strings one behind the other, each with its NUL

    // Where the next string can go.
    std::span<char> room() { return std::span(text).subspan(bytes); }

    // The string of that length in room() belongs to the arguments now. False if there was no room for it and
    // its NUL, or there are too many.
    bool accept(uint32_t length);
};

struct NewUserProcess {
    const Program *program;
    pri16 priority;
    uint32_t capabilities;
    const Arguments *arguments;
    Charging charging{};  // with an account: of ring 3, all are charged
    bool enabled = false; // interrupts may come in meanwhile, and other processes run
};

// Makes a suspended ring-3 process that will enter the program with these arguments on its stack. kNobody,
// with nothing changed, when the table is full, memory runs out, or its account does not allow it; or when
// the program's file is not sound, which is reported on the console.
ProcessId begin_user_process(const NewUserProcess &wanted);

} // namespace detour
