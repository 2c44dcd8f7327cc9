// pipes.cpp - pipes between two processes
#include "system/courses/lives.hpp"

#include "kernel/base/hooks.hpp"
#include "kernel/base/interrupt_guard.hpp"
#include "kernel/process/semaphore.hpp"
#include "kernel/sched/process_table.hpp"

#include <xinu.h>
#include <xinu/courses.h>

#include <algorithm>
#include <array>
#include <utility>

using namespace detour;
using namespace detour::courses;

namespace
{

enum class State : uint8_t { kFree, kUnconnected, kConnected };

constexpr Life kNobody{-1, 0};

// The ends are in order once one of them has read or written: until then the one may be either.
struct Pipe {
    State state;
    bool ordered;
    bool waits; // one end waits at `changed`, for bytes or for room
    bool has_semaphore;
    sid32 changed; // is kept when the pipe is deleted
    Life owner;
    Life writer;
    Life reader;
    uint32_t first; // index of the oldest byte
    uint32_t count; // bytes
    std::array<char, PIPE_SIZE> bytes;
};

constinit std::array<Pipe, NPIPE> pipes{};

Pipe *find_pipe(pipid32 pipe)
{
    return pipe < 0 || pipe >= NPIPE || pipes[pipe].state == State::kFree ? nullptr : &pipes[pipe];
}

Pipe *find_own_pipe(pipid32 id)
{
    Pipe *const pipe = find_pipe(id);
    return pipe != nullptr && pipe->owner == life_of(currpid) ? pipe : nullptr;
}

// Makes the end that waits ready. Returns whether there is one; the caller then calls resched().
bool wake_other_end(Pipe &pipe)
{
    return std::exchange(pipe.waits, false) && signal_one(pipe.changed);
}

// Waits until the other end has done something.
void wait_for_other_end(Pipe &pipe)
{
    pipe.waits = true;
    wait(pipe.changed);
}

bool disconnect(Pipe &pipe)
{
    pipe.state = State::kUnconnected;
    pipe.writer = pipe.reader = kNobody;
    pipe.ordered = false;
    pipe.count = 0;
    return wake_other_end(pipe);
}

// What stays is the semaphore.
void take_back(Pipe &pipe)
{
    disconnect(pipe);
    pipe.state = State::kFree;
    pipe.owner = kNobody;
    pipcount--;
}

// A process's pipes end with it. Of those whose end it is, the other end reads what is left.
void forget_process(ProcessId ending)
{
    const Life process = life_of(static_cast<pid32>(ending));
    for (Pipe &pipe : pipes) {
        if (pipe.state == State::kFree)
            continue;
        if (pipe.owner == process) {
            take_back(pipe);
        } else if (pipe.writer == process || pipe.reader == process) {
            (pipe.writer == process ? pipe.writer : pipe.reader) = kNobody;
            wake_other_end(pipe);
        }
    }
}

DETOUR_HOOK(end, forget_process);

// The pipe, if the caller may write into it or read from it. Whichever end does it first decides which is which.
Pipe *find_as(Life Pipe::*role, Life Pipe::*other, pipid32 id)
{
    Pipe *const pipe = find_pipe(id);
    if (pipe == nullptr || pipe->state != State::kConnected)
        return nullptr;
    if (!pipe->ordered && pipe->*other == life_of(currpid))
        std::swap(pipe->writer, pipe->reader);
    if (!(pipe->*role == life_of(currpid)))
        return nullptr;
    pipe->ordered = true;
    return pipe;
}

uint32_t put(Pipe &pipe, const char *from, uint32_t length)
{
    const uint32_t count = std::min(length, PIPE_SIZE - pipe.count);
    for (uint32_t i = 0; i < count; ++i)
        pipe.bytes[(pipe.first + pipe.count + i) % PIPE_SIZE] = from[i];
    pipe.count += count;
    return count;
}

uint32_t get(Pipe &pipe, char *to, uint32_t length)
{
    const uint32_t count = std::min(length, pipe.count);
    for (uint32_t i = 0; i < count; ++i)
        to[i] = pipe.bytes[(pipe.first + i) % PIPE_SIZE];
    pipe.first = (pipe.first + count) % PIPE_SIZE;
    pipe.count -= count;
    return count;
}

} // namespace

extern "C" {

[[gnu::weak]] constinit uint32 pipcount = 0;

[[gnu::weak]] pipid32 pipcreate()
{
    const SystemCallGuard guard;
    const auto free =
        std::find_if(pipes.begin(), pipes.end(), [](const Pipe &pipe) { return pipe.state == State::kFree; });
    if (free == pipes.end())
        return SYSERR;
    if (!free->has_semaphore) {
        free->changed = semcreate(0);
        if (free->changed == SYSERR)
            return SYSERR;
        free->has_semaphore = true;
    }
    pipcount++;
    free->state = State::kUnconnected;
    free->owner = life_of(currpid);
    free->writer = free->reader = kNobody;
    return static_cast<pipid32>(free - pipes.begin());
}

[[gnu::weak]] syscall pipconnect(pipid32 id, pid32 end1, pid32 end2)
{
    const SystemCallGuard guard;
    Pipe *const pipe = find_own_pipe(id);
    if (pipe == nullptr || pipe->state != State::kUnconnected || end1 == end2 || end1 == NULLPROC || end2 == NULLPROC ||
        isbadpid(end1) || isbadpid(end2))
        return SYSERR;
    pipe->writer = life_of(end1);
    pipe->reader = life_of(end2);
    pipe->state = State::kConnected;
    return OK;
}

[[gnu::weak]] syscall pipdisconnect(pipid32 id)
{
    const SystemCallGuard guard;
    Pipe *const pipe = find_own_pipe(id);
    if (pipe == nullptr || pipe->state != State::kConnected)
        return SYSERR;
    if (disconnect(*pipe))
        resched();
    return OK;
}

[[gnu::weak]] syscall pipdelete(pipid32 id)
{
    const SystemCallGuard guard;
    Pipe *const pipe = find_own_pipe(id);
    if (pipe == nullptr)
        return SYSERR;
    take_back(*pipe);
    resched();
    return OK;
}

[[gnu::weak]] syscall pipwrite(pipid32 id, const char *buffer, uint32 length)
{
    const SystemCallGuard guard;
    Pipe *pipe = find_as(&Pipe::writer, &Pipe::reader, id);
    if (pipe == nullptr || buffer == nullptr)
        return SYSERR;
    uint32_t written = 0;
    for (;;) {
        if (pipe == nullptr || pipe->reader == kNobody) // also if it was disconnected while the caller waited
            return written == 0 && length != 0 ? SYSERR : static_cast<syscall>(written);
        written += put(*pipe, buffer + written, length - written);
        if (wake_other_end(*pipe))
            resched();
        if (written == length)
            return static_cast<syscall>(written);
        pipe = find_as(&Pipe::writer, &Pipe::reader, id);
        if (pipe != nullptr && pipe->count == PIPE_SIZE && !(pipe->reader == kNobody)) {
            wait_for_other_end(*pipe);
            pipe = find_as(&Pipe::writer, &Pipe::reader, id);
        }
    }
}

[[gnu::weak]] syscall pipread(pipid32 id, char *buffer, uint32 length)
{
    const SystemCallGuard guard;
    Pipe *pipe = find_as(&Pipe::reader, &Pipe::writer, id);
    if (pipe == nullptr || buffer == nullptr)
        return SYSERR;
    while (pipe != nullptr && pipe->count == 0 && length != 0) {
        if (pipe->writer == kNobody)
            return SYSERR;
        wait_for_other_end(*pipe);
        pipe = find_as(&Pipe::reader, &Pipe::writer, id);
    }
    if (pipe == nullptr)
        return SYSERR;
    const uint32_t count = get(*pipe, buffer, length);
    if (wake_other_end(*pipe))
        resched();
    return static_cast<syscall>(count);
}
}
