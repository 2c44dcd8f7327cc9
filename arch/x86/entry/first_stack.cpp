#include "arch/x86/entry/first_stack.hpp"
#include "arch/x86/entry/frames.h"
#include "kernel/base/arch.hpp"

#include <array>
#include <cstddef>

namespace detour::arch
{

char *store_first_context(uint32_t *end, uint32_t entry, const uint32_t *base, uint32_t eflags)
{
    uint32_t *const saved = end - SAVED_WORDS;
    for (uint32_t i = SAVED_EDI; i <= SAVED_EAX; ++i)
        saved[i] = 0;
    saved[SAVED_EBP] = reinterpret_cast<uint32_t>(&saved[SAVED_LINK]);   // as ctxsw's own frame has it
    saved[SAVED_ESP] = reinterpret_cast<uint32_t>(&saved[SAVED_EFLAGS]); // as pushal would have it
    saved[SAVED_EFLAGS] = eflags;
    saved[SAVED_LINK] = reinterpret_cast<uint32_t>(base);
    saved[SAVED_RETURN] = entry;
    return reinterpret_cast<char *>(saved);
}

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
    return store_first_context(arguments_end, reinterpret_cast<uint32_t>(entry), base, EFLAGS_FIXED | EFLAGS_IF);
}

// The picture above with one argument. abandon_stack() pushes nothing before it leaves this stack.
char *prepare_last_stack(void (*next)())
{
    static constinit std::array<uint32_t, SAVED_WORDS + 3> stack{};
    stack.back() = STACKMAGIC;
    stack[SAVED_WORDS + 1] = reinterpret_cast<uint32_t>(next);
    return store_first_context(&stack[SAVED_WORDS], reinterpret_cast<uint32_t>(&abandon_stack), &stack.back(),
                               EFLAGS_FIXED);
}

} // namespace detour::arch
