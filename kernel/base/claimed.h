/*
 * claimed.h - the words that a detour pushes on the stack of the process, for assembly and C++
 *
 * Directly below the frame of the interrupted code, high addresses first. Callbacks run in the order alarm, message,
 * vacation, so cbfmanager pops them one by one:
 *
 *     12 ... 52  the frame: eight registers as pushed by pushal, EIP, CS, EFLAGS (R8)
 *      8  vacation   \
 *      4  message     > claimed callbacks: 0 if there is none, or it has run
 *      0  alarm      /   <- ESP
 *
 * A detour at a tick has no vacation: it begins with the lower two words, and cbfmanager pushes a 0 first.
 */
#ifndef DETOUR_CLAIMED_H
#define DETOUR_CLAIMED_H

#define CLAIMED_ALARM 0
#define CLAIMED_MESSAGE 4
#define CLAIMED_AT_TICK_BYTES 8
#define CLAIMED_VACATION 8
#define CLAIMED_BYTES 12

#define INTERRUPTED_WORDS 11 /* of the frame */

#ifndef __ASSEMBLER__

#include <xinu/states.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace detour
{

// The callbacks that a detour runs, in this order; a null pointer where there is none.
struct Claimed {
    callback alarm;
    callback message;
};
struct ClaimedOnReturn {
    Claimed events;
    callback vacation;
};

// The words pushed by cbfreturn before it calls into the kernel, lowest address first: room for the callbacks, and the
// frame, whose EIP the kernel fills in.
struct ReturnOfSleepms {
    ClaimedOnReturn claimed;
    std::array<uint32_t, 8> registers;
    uint32_t eip;
};

#ifndef DETOUR_HOST_TEST // pointers of 4 bytes
static_assert(offsetof(Claimed, alarm) == CLAIMED_ALARM);
static_assert(offsetof(Claimed, message) == CLAIMED_MESSAGE);
static_assert(sizeof(Claimed) == CLAIMED_AT_TICK_BYTES);
static_assert(offsetof(ClaimedOnReturn, vacation) == CLAIMED_VACATION);
static_assert(sizeof(ClaimedOnReturn) == CLAIMED_BYTES);
#endif

} // namespace detour

#endif
#endif
