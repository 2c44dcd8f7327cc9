#include "arch/x86/frames.h"
#include "kernel/arch.hpp"

namespace detour::arch
{

// The stack of a new process, as course work knows it (high addresses first; the rest is
// <xinu/saved_stack.h>):
//
//     STACKMAGIC             <- prstkbase
//     last argument ... first argument
//     return_to                 where entry returns to
//     entry                     [10] where ctxsw "returns" to
//     prstkbase                 [9]  EBP: the chain of saved EBPs ends at STACKMAGIC
//     EFLAGS with IF set        [8]
//     eight registers           [0..7]  all 0, but for EBP and ESP
//
char *prepare_first_stack(char *highest_word, void *entry, void (*return_to)(),
                          const std::uint32_t *arguments, std::uint32_t nargs)
{
    auto *const base = reinterpret_cast<std::uint32_t *>(highest_word);
    *base = STACKMAGIC;
    std::uint32_t *arguments_end = base;
    for (std::uint32_t n = nargs; n > 0; --n)
        *--arguments_end = arguments[n - 1];
    *--arguments_end = reinterpret_cast<std::uint32_t>(return_to);

    std::uint32_t *const saved = arguments_end - SAVED_WORDS;
    saved[SAVED_RETURN] = reinterpret_cast<std::uint32_t>(entry);
    saved[SAVED_LINK] = reinterpret_cast<std::uint32_t>(base);
    saved[SAVED_EFLAGS] = EFLAGS_FIXED | EFLAGS_IF;
    for (std::uint32_t i = SAVED_EDI; i <= SAVED_EAX; ++i)
        saved[i] = 0;
    saved[SAVED_EBP] = reinterpret_cast<std::uint32_t>(&saved[SAVED_LINK]);   // as ctxsw's own frame has it
    saved[SAVED_ESP] = reinterpret_cast<std::uint32_t>(&saved[SAVED_EFLAGS]); // as pushal would have it
    return reinterpret_cast<char *>(saved);
}

} // namespace detour::arch
