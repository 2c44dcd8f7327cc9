// console.cpp - output and input for ring 3
//
// A ring-3 process has one device, CONSOLE: to read it is to read what its descriptor 0 names, and to write it is to
// write to its descriptor 1. So a shell redirects a program of either ring.
#include "kernel/report/ended.hpp"
#include "kernel/user/access.hpp"
#include "kernel/user/detour.hpp"
#include "kernel/user/load.hpp"
#include "system/ring3/calls.hpp"

#include <algorithm>
#include <array>

namespace detour::ring3
{

// Copies the text through a small buffer and takes interrupts while it prints: a long text takes longer than a tick.
// Events that become due at these ticks are delivered on the way out; without a tick they wait for the next one (R6,
// R16).
uint32 handle_write(UserFrame &frame)
{
    const TickWatch watch;
    const uint32 from = second(frame);
    const uint32 count = third(frame);
    if (first(frame) != CONSOLE)
        return as_result(SYSERR);
    if (!is_user_range(from, count, false))
        end_for_bad_pointer(frame, "write", from, count, false);
    std::array<char, 64> buffer;
    for (uint32 done = 0; done < count;) {
        const uint32 bytes = std::min<uint32>(buffer.size(), count - done);
        copy_from_user(std::as_writable_bytes(std::span(buffer).first(bytes)), from + done);
        arch::enable_interrupts();
        const devcall written = write(current_process().prdesc[1], buffer.data(), bytes);
        arch::mask_interrupts();
        if (written == SYSERR)
            return watch.deliver(frame, as_result(SYSERR));
        done += bytes;
    }
    return watch.deliver(frame, as_result(OK));
}

// Reads character by character, like read() for ring 0, since each may have to be waited for.
uint32 handle_read(UserFrame &frame)
{
    const uint32 to = second(frame);
    const uint32 count = third(frame);
    if (first(frame) != CONSOLE)
        return as_result(SYSERR);
    if (!is_user_range(to, count, true))
        end_for_bad_pointer(frame, "read", to, count, true);
    uint32 done = 0;
    while (done < count) {
        const devcall c = getc(current_process().prdesc[0]);
        if (c == SYSERR && done == 0)
            return as_result(SYSERR);
        if (c < 0)
            break;
        write_user(to + done++, static_cast<char>(c));
        if (c == '\n')
            break;
    }
    return done == 0 && count != 0 ? as_result(EOF) : done;
}

} // namespace detour::ring3
