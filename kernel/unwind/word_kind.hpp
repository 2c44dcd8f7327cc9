// word_kind.hpp - the kinds of words on a stack, for programs that draw stacks
#pragma once

#include <cstdint>

namespace detour
{

// tools/gdb/native.py has the names in the same order.
enum class WordKind : uint8_t {
    kOwn,           // a local variable or an intermediate value of a function
    kArgument,      // an argument of the function that was called next
    kReturnAddress, // pushed by a call
    kSavedRegister, // of the caller, saved by a compiled function or by ctxsw
    kFrame,         // a frame of an interrupt, an exception or a system call: the interrupted code's registers
    kPlanted,       // the return address of sleepms() that now leads to cbfreturn
    kClaimed,       // a claimed callback that a detour runs, or 0
    kSecondFrame,   // the frame that clkdisp pushes for its own iret
    kFirst,         // put there before the process ran: the arguments of create(), or what boot left
    kMagic,         // STACKMAGIC, or what has overwritten it
    kUnused,        // no entry path stores this word, or not yet
    kUnknown,       // behind the place where the stack cannot be followed any further
};

} // namespace detour
