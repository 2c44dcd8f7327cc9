// other_events.cpp - what other processes do
#include "tests/model/events.hpp"
#include "tests/model/system_calls.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu/saved_stack.h>

namespace detour::model
{

namespace
{

pid32 pid_of(const Step &step)
{
    return static_cast<pid32>(step.machine.p());
}

bool send_to_it(Step &step)
{
    if (step.now.current() || step.now.spec.mail)
        return false;
    step.begin();
    require(xinu_send(pid_of(step), kMessageText) == OK, "R18", "send() refuses a message for an empty mailbox");
    expect_message(step.now);
    step.end();
    return true;
}

bool send_to_it_twice(Step &step)
{
    if (step.now.current() || !step.now.spec.mail)
        return false;
    step.begin();
    require(xinu_send(pid_of(step), kSecondText) == SYSERR, "R18", "send() overwrites a message");
    step.end();
    return true;
}

// R14: one thing on the way to the slot is not as it should be.
bool send_with_damage(Step &step, const std::function<void(uint32_t *words, procent &p)> &damage)
{
    if (!step.now.in_frames_of_sleepms() || step.now.spec.mail || !step.now.spec.message || step.now.spec.occurred)
        return false;
    step.begin();
    uint32_t *const words = step.machine.words(step.level());
    const std::vector<uint32_t> whole(words, words + Machine::kWordsOfLevel);
    char *const stack = step.process().prstkptr;
    uint32_t *const sleeping = step.process().prdetour.sleeping;
    damage(words, step.process());
    const std::vector<uint32_t> damaged(words, words + Machine::kWordsOfLevel);
    require(xinu_send(pid_of(step), kMessageText) == OK, "R18", "send() refuses a message for an empty mailbox");
    require(std::equal(damaged.begin(), damaged.end(), words), "R14", "send() writes to a stack that does not verify");
    std::copy(whole.begin(), whole.end(), words);
    step.process().prstkptr = stack;
    step.process().prdetour.sleeping = sleeping;
    step.now.spec.mail = step.now.spec.occurred = true;
    step.end();
    return true;
}

template <uint32_t kWord, uint32_t kValue> bool send_after_a_word_changed(Step &step)
{
    return send_with_damage(step, [](uint32_t *words, procent &) { words[kWord] = kValue; });
}
template <bool kSleepms> bool send_with_return_behind_the_function(Step &step)
{
    return send_with_damage(step, [](uint32_t *words, procent &) {
        words[kSleepms ? Machine::kReschedFrame + FRAME_RETURN : uint32_t{SAVED_RETURN}] =
            address_of(kSleepms ? sleepms_etext : resched_etext);
    });
}
template <uint32_t kAddress> bool send_with_stack_pointer(Step &step)
{
    return send_with_damage(step,
                            [](uint32_t *, procent &p) { p.prstkptr = reinterpret_cast<char *>(uintptr_t{kAddress}); });
}
bool send_with_another_slot(Step &step)
{
    return send_with_damage(step, [](uint32_t *words, procent &) {
        words[Machine::kReschedFrame + FRAME_LINK] = address_of(words + Machine::kSleepFrame + 4);
        words[Machine::kSleepFrame + 4] = address_of(words + Machine::kSleepFrame + 8);
    });
}
bool send_with_another_slot_noted(Step &step)
{
    return send_with_damage(step, [](uint32_t *, procent &p) { p.prdetour.sleeping -= 4; });
}

bool change(Step &step, Where from, Where to, const std::function<void()> &call)
{
    if (step.now.where != from)
        return false;
    step.begin();
    call();
    step.now.where = to;
    step.end();
    return true;
}
bool suspend_it_after_waking(Step &step)
{
    return change(step, Where::kWoken, Where::kWokenSuspended, [&] { (void)suspend(pid_of(step)); });
}
bool resume_it_after_waking(Step &step)
{
    return change(step, Where::kWokenSuspended, Where::kWoken, [&] { (void)resume(pid_of(step)); });
}
bool resume_it(Step &step)
{
    return change(step, Where::kSuspended, Where::kYielding, [&] { (void)resume(pid_of(step)); });
}
bool signal_its_semaphore(Step &step)
{
    return change(step, Where::kWaiting, Where::kYielding, [&] {
        const InterruptGuard guard;
        make_ready(step.machine.p()); // as signal() does
    });
}

bool it_goes_on(Step &step)
{
    if (step.now.where != Where::kYielding)
        return false;
    step.machine.go_on(step.now, [] { (void)yield(); });
    step.now.where = Where::kCurrent;
    step.end();
    return true;
}
bool it_goes_on_in_receive(Step &step)
{
    State &now = step.now;
    if (now.where != Where::kReceived && now.where != Where::kReceivedTimed)
        return false;
    const auto expected = now.spec.mail ? umsg32{kMessageText} : static_cast<umsg32>(TIMEOUT);
    step.machine.go_on(now, [&] {
        const umsg32 message = now.where == Where::kReceived ? receive() : recvtime(1);
        require(message == expected, "R12 R18", "the receiver gets another message than was sent");
    });
    now.where = Where::kCurrent;
    now.spec.mail = false;
    step.end();
    return true;
}

// As hijack labs do: other code puts an address of its own in place of the return address.
bool displace(Step &step)
{
    State &now = step.now;
    Level &top = now.top();
    if (!step.scenario.other_code || now.current() || top.at != At::kSleeping || now.where == Where::kPreempted)
        return false;
    for (std::size_t i = 0; i < now.depth; ++i)
        if (now.levels[i].found != Word::kNone || now.levels[i].jump != Word::kNone) // one at a time
            return false;
    step.begin();
    *step.machine.slot(step.level()) = step.machine.value_of(Word::kOther, step.level());
    top.found = std::exchange(top.word, Word::kOther);
    now.spec.kept = now.spec.kept || top.found == Word::kCbfreturn;
    step.end();
    return true;
}

bool kill_it(Step &step)
{
    if (step.now.current())
        return false;
    step.machine.end(step.now);
    step.now = State{};
    return true;
}

constexpr Event kEvents[] = {
    {"another process sends a message", send_to_it, Calm::kIfBlocked},
    {"another process sends a second message", send_to_it_twice},
    {"a message, but the frame of ctxsw() leads elsewhere", send_after_a_word_changed<SAVED_LINK, 0x1004>},
    {"a message, but ctxsw() was not called by resched()", send_after_a_word_changed<SAVED_RETURN, 0x1004>},
    {"a message, but ctxsw() returns behind resched()", send_with_return_behind_the_function<false>},
    {"a message, but the frame of resched() leads elsewhere",
     send_after_a_word_changed<Machine::kReschedFrame + FRAME_LINK, 0x1004>},
    {"a message, but resched() was not called by sleepms()",
     send_after_a_word_changed<Machine::kReschedFrame + FRAME_RETURN, 0x1004>},
    {"a message, but resched() returns behind sleepms()", send_with_return_behind_the_function<true>},
    {"a message, but the saved stack pointer is NULL", send_with_stack_pointer<0>},
    {"a message, but the saved stack pointer is no stack", send_with_stack_pointer<0xFFFFFFFC>},
    {"a message, but the frames lead to another slot", send_with_another_slot},
    {"a message, but sleepms() has another slot", send_with_another_slot_noted},
    {"it is suspended after waking", suspend_it_after_waking},
    {"it is resumed, in sleepms()", resume_it_after_waking, Calm::kYes},
    {"it is resumed", resume_it, Calm::kYes},
    {"its semaphore is signalled", signal_its_semaphore, Calm::kYes},
    {"it goes on", it_goes_on, Calm::kYes},
    {"it goes on in receive() or recvtime()", it_goes_on_in_receive, Calm::kYes},
    {"course code displaces the return address of its sleepms()", displace},
    {"it is killed, and a new process has its entry", kill_it},
};

} // namespace

std::span<const Event> events_of_others()
{
    return kEvents;
}

} // namespace detour::model
