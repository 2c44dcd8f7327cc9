// process_events.cpp - the calls that the process makes
#include "tests/model/events.hpp"
#include "tests/model/system_calls.hpp"

#include "kernel/base/interrupt_guard.hpp"
#include "kernel/sched/scheduler.hpp"

#include <xinu/states.h>

#include <cstring>

namespace detour::model
{

namespace
{

constexpr xinu_syscall kRefused = -1;

template <uint32_t kMsec> bool register_an_alarm(Step &step)
{
    if (!step.scenario.alarms || !step.runs(At::kCode) || step.now.spec.alarm)
        return false;
    step.begin();
    require(cbsignal(CB_ALARM, on_alarm, kMsec) == 0, "R1 R5", "cbsignal() refuses an alarm that it should accept");
    step.now.spec.alarm = true;
    step.now.spec.alarm_left = kMsec;
    step.end();
    return true;
}

bool register_a_message(Step &step)
{
    if (!step.scenario.messages || !step.runs(At::kCode) || step.now.spec.message)
        return false;
    step.begin();
    require(cbsignal(CB_MESSAGE, on_message, 0xFFFFFFFF) == 0, "R1",
            "cbsignal() refuses a message that it should accept");
    step.now.spec.message = true;
    step.now.spec.occurred = step.now.spec.mail; // R12: a message that already waits
    step.end();
    return true;
}

bool refused_calls(Step &step)
{
    if (!step.runs(At::kCode))
        return false;
    step.begin();
    const procent before = step.process();
    auto *const beyond = reinterpret_cast<void (*)()>(&etext);
    auto *const below = reinterpret_cast<void (*)()>(reinterpret_cast<char *>(&text) - 1);
    bool refused = true;
    for (const uint16 etype : {0, CB_ALARM | CB_MESSAGE, 4, 0x101})
        refused = refused && cbsignal(etype, on_nothing, 0) == kRefused;
    for (const uint16 etype : {CB_ALARM, CB_MESSAGE})
        for (auto *const cbf : {beyond, below, static_cast<void (*)()>(nullptr)})
            refused = refused && cbsignal(etype, cbf, 0) == kRefused;
    refused = refused && cbsignal(CB_ALARM, on_nothing, 5001) == kRefused;
    refused = refused && (!step.now.spec.alarm || cbsignal(CB_ALARM, on_nothing, 2) == kRefused);
    refused = refused && (!step.now.spec.message || cbsignal(CB_MESSAGE, on_nothing, 0) == kRefused);
    require(refused, "R1", "cbsignal() accepts what it should refuse");
    require(dreamvac(beyond) == kRefused && dreamvac(below) == kRefused, "R20", "dreamvac() accepts what is no code");
    require(std::memcmp(&before, &step.process(), sizeof before) == 0, "R1", "a refused call has changed the table");
    step.end();
    return true;
}

bool longest_alarm(Step &step) // accepted, and taken back at once by the model
{
    if (!step.scenario.alarms || !step.runs(At::kCode) || step.now.spec.alarm)
        return false;
    step.begin();
    require(cbsignal(CB_ALARM, on_alarm, 5000) == 0, "R1", "cbsignal() refuses 5000 msec");
    require(step.process().pralarmtime - clkcountermsec == 5000, "R6", "5000 msec are another time");
    return true;
}

bool want_vacation(Step &step)
{
    const auto &now = step.now;
    unsigned open = 0;
    for (std::size_t i = 0; i < now.depth; ++i)
        open += (now.levels[i].claimed & kClaimedVacation) != 0;
    if (!step.runs(At::kCode) || now.spec.vacation || open >= step.scenario.vacations)
        return false;
    step.begin();
    require(dreamvac(on_vacation) == OK, "R20", "dreamvac() refuses a vacation");
    step.now.spec.vacation = true;
    step.end();
    return true;
}

bool take_vacation_back(Step &step)
{
    if (!step.runs(At::kCode) || !step.now.spec.vacation)
        return false;
    step.begin();
    require(dreamvac(nullptr) == OK, "R20", "dreamvac(NULL) is refused");
    step.now.spec.vacation = false;
    step.end();
    return true;
}

// A message from itself, from the handler of an interrupt, or from a child that ends.
bool send_to_itself(Step &step)
{
    if (!step.now.current() || step.now.spec.mail)
        return false;
    step.begin();
    require(xinu_send(currpid, kMessageText) == OK, "R18", "send() refuses a message for an empty mailbox");
    expect_message(step.now);
    step.end();
    return true;
}

bool send_to_itself_twice(Step &step)
{
    if (!step.now.current() || !step.now.spec.mail)
        return false;
    step.begin();
    require(xinu_send(currpid, kSecondText) == kRefused, "R18", "send() overwrites a message");
    step.end();
    return true;
}

template <umsg32 (*kCall)()> bool take_message(Step &step)
{
    if (!step.runs(At::kCode) || !step.now.spec.mail)
        return false;
    step.begin();
    require(kCall() == kMessageText, "R18", "another message is received than was sent");
    step.now.spec.mail = false;
    step.end();
    return true;
}

umsg32 receive_in_time()
{
    return recvtime(1);
}

bool block(Step &step, Where where, void (*call)())
{
    if (!step.scenario.blocking || !step.runs(At::kCode))
        return false;
    step.begin();
    if (where == Where::kYielding)
        step.machine.let_q_be_ready();
    step.machine.leave(call);
    step.now.where = where;
    step.end();
    return true;
}

bool receive_blocks(Step &step)
{
    return !step.now.spec.mail && block(step, Where::kReceiving, [] { (void)receive(); });
}
bool recvtime_blocks(Step &step)
{
    return !step.now.spec.mail && block(step, Where::kReceivingTimed, [] { (void)recvtime(1); });
}
bool yields(Step &step)
{
    return block(step, Where::kYielding, [] { (void)yield(); });
}
bool suspends_itself(Step &step)
{
    return block(step, Where::kSuspended, [] { (void)suspend(currpid); });
}
bool waits(Step &step)
{
    return block(step, Where::kWaiting, [] {
        const InterruptGuard guard;
        block_current(PR_WAIT); // as wait() does
        resched();
    });
}

bool exits(Step &step)
{
    if (!step.now.current())
        return false;
    step.machine.end(step.now);
    step.now = State{};
    return true;
}

constexpr Event kEvents[] = {
    {"it registers an alarm, due at once", register_an_alarm<0>},
    {"it registers an alarm, due after 1 msec", register_an_alarm<1>},
    {"it registers an alarm, due after 5000 msec", longest_alarm},
    {"it registers a message callback", register_a_message},
    {"it makes calls that are to be refused", refused_calls},
    {"it calls dreamvac(f)", want_vacation},
    {"it calls dreamvac(NULL)", take_vacation_back},
    {"a message arrives while it runs", send_to_itself},
    {"a second message arrives while it runs", send_to_itself_twice},
    {"it receives the message", take_message<receive>},
    {"it receives the message by recvclr()", take_message<recvclr>},
    {"it receives the message by recvtime()", take_message<receive_in_time>},
    {"it blocks in receive()", receive_blocks},
    {"it blocks in recvtime()", recvtime_blocks},
    {"it yields", yields},
    {"it suspends itself", suspends_itself},
    {"it waits for a semaphore", waits},
    {"it exits, and a new process has its entry", exits},
};

} // namespace

std::span<const Event> events_of_process()
{
    return kEvents;
}

} // namespace detour::model
