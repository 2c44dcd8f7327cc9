// pipe.cpp - PIPE and PIPE0 to PIPE3: bytes from one process to another, over the semaphores that processes have
#include "kernel/base/interrupt_guard.hpp"

#include <xinu.h>
#include <xinu/pipe.h>

#include <array>

using detour::InterruptGuard;

namespace
{

enum class State : uint8 { kFree, kOpen, kEnded };

struct Pipe {
    State state = State::kFree;
    sid32 data = SYSERR; // bytes that can be read; one more when the writing has ended
    sid32 room = SYSERR; // bytes that can be written
    uint32 first = 0;
    uint32 count = 0;
    std::array<char, PIPE_BYTES> bytes{};
};

constinit Pipe pipes[Npipe]{};

Pipe &pipe_of(const dentry *device)
{
    return pipes[device->dvminor];
}

} // namespace

devcall pipe_open(dentry *, const char *, const char *)
{
    const InterruptGuard guard;
    for (int32 minor = 0; minor < Npipe; ++minor) {
        Pipe &pipe = pipes[minor];
        if (pipe.state != State::kFree)
            continue;
        pipe.data = semcreate(0);
        pipe.room = semcreate(PIPE_BYTES);
        if (pipe.data == SYSERR || pipe.room == SYSERR) {
            semdelete(pipe.data);
            semdelete(pipe.room);
            return SYSERR;
        }
        pipe.first = pipe.count = 0;
        pipe.state = State::kOpen;
        return PIPE0 + minor;
    }
    return SYSERR;
}

devcall pipe_close(dentry *device)
{
    const InterruptGuard guard;
    Pipe &pipe = pipe_of(device);
    if (pipe.state == State::kFree)
        return SYSERR;
    if (pipe.state == State::kOpen) {
        pipe.state = State::kEnded;
        return signal(pipe.data);
    }
    pipe.state = State::kFree;
    const sid32 data = pipe.data, room = pipe.room;
    pipe.data = pipe.room = SYSERR; // before those that wait there run
    semdelete(data);
    semdelete(room);
    return OK;
}

devcall pipe_putc(dentry *device, char c)
{
    Pipe &pipe = pipe_of(device);
    const InterruptGuard guard;
    const sid32 room = pipe.room;
    if (pipe.state != State::kOpen || wait(room) == SYSERR || pipe.room != room || pipe.state != State::kOpen)
        return SYSERR; // closed, perhaps while it waited, and perhaps opened again
    pipe.bytes[(pipe.first + pipe.count++) % PIPE_BYTES] = c;
    return signal(pipe.data);
}

devcall pipe_getc(dentry *device)
{
    Pipe &pipe = pipe_of(device);
    const InterruptGuard guard;
    const sid32 data = pipe.data;
    if (pipe.state == State::kFree || wait(data) == SYSERR || pipe.data != data)
        return SYSERR;
    if (pipe.count == 0) { // the end of the writing
        signal(pipe.data);
        return EOF;
    }
    const char c = pipe.bytes[pipe.first];
    pipe.first = (pipe.first + 1) % PIPE_BYTES;
    --pipe.count;
    signal(pipe.room);
    return static_cast<unsigned char>(c);
}

devcall pipe_read(dentry *device, void *buffer, uint32 count)
{
    auto *const to = static_cast<char *>(buffer);
    uint32 length = 0;
    while (length < count && (length == 0 || to[length - 1] != '\n')) {
        const devcall c = pipe_getc(device);
        if (c < 0)
            return length == 0 ? c : static_cast<devcall>(length);
        to[length++] = static_cast<char>(c);
    }
    return static_cast<devcall>(length);
}

devcall pipe_write(dentry *device, const void *buffer, uint32 count)
{
    const auto *from = static_cast<const char *>(buffer);
    for (; count > 0; --count)
        if (pipe_putc(device, *from++) == SYSERR)
            return SYSERR;
    return OK;
}
