#include "arch/x86/entry/frames.h"
#include "kernel/base/arch.hpp"

#include <array>
#include <cstddef>

namespace detour::arch
{

// The stack of a new process, as course work knows it (high addresses first; the rest is <xinu/saved_stack.h>):
//
//     STACKMAGIC             <- prstkbase
//     last argument ... first argument
//     return_to                 where entry returns to
//     entry                     [10] where ctxsw "returns" to
//     prstkbase                 [9]  EBP: the chain of saved EBPs ends at STACKMAGIC
//     EFLAGS with IF set        [8]
//     eight registers           [0..7]  all 0, but for EBP and ESP
//
char *prepare_first_stack(char *highest_word, void *entry, void (*return_to)(), const uint32_t *arguments,
                          uint32_t nargs)
{
    auto *const base = reinterpret_cast<uint32_t *>(highest_word);
    *base = STACKMAGIC;
    uint32_t *arguments_end = base;
    for (uint32_t n = nargs; n > 0; --n)
        *--arguments_end = arguments[n - 1];
    *--arguments_end = reinterpret_cast<uint32_t>(return_to);

    uint32_t *const saved = arguments_end - SAVED_WORDS;
    saved[SAVED_RETURN] = reinterpret_cast<uint32_t>(entry);
    saved[SAVED_LINK] = reinterpret_cast<uint32_t>(base);
    saved[SAVED_EFLAGS] = EFLAGS_FIXED | EFLAGS_IF;
    for (uint32_t i = SAVED_EDI; i <= SAVED_EAX; ++i)
        saved[i] = 0;
    saved[SAVED_EBP] = reinterpret_cast<uint32_t>(&saved[SAVED_LINK]);   // as ctxsw's own frame has it
    saved[SAVED_ESP] = reinterpret_cast<uint32_t>(&saved[SAVED_EFLAGS]); // as pushal would have it
    return reinterpret_cast<char *>(saved);
}

// The picture above with one argument. abandon_stack() pushes nothing before it leaves this stack.
char *prepare_last_stack(void (*next)())
{
    static constinit std::array<uint32_t, SAVED_WORDS + 3> stack{};
    const auto argument = reinterpret_cast<uint32_t>(next);
    char *const saved = prepare_first_stack(reinterpret_cast<char *>(&stack.back()),
                                            reinterpret_cast<void *>(&abandon_stack), nullptr, &argument, 1);
    reinterpret_cast<uint32_t *>(saved)[SAVED_EFLAGS] = EFLAGS_FIXED;
    return saved;
}

} // namespace detour::arch
