// machine.hpp - the kernel with the process of the model (P), another one (Q) and the null process; puts states into
// it, and takes them out again
#pragma once

#include "tests/host/fake_arch.hpp"
#include "tests/model/state.hpp"

#include "kernel/base/address.hpp"
#include "kernel/detour/detour.hpp"
#include "kernel/sched/process_table.hpp"

#include <functional>
#include <vector>

namespace detour::model
{

class Machine : public fake::World
{
public:
    Machine();
    void TestBody() override {}

    // Makes the kernel's P as `state` says. Q runs if P does not.
    void load(const State &state);

    // Q is ready, with P's priority: the next switch leads to it.
    void let_q_be_ready();

    // Takes the fields over from the kernel, and nothing else.
    void take_fields(State &state) const;

    // Takes the fields over from the kernel. Throws Violation unless the words of the stack are as `state` says, and
    // all others as load() left them.
    void save(State &state) const;

    // Calls a function of the kernel that switches away from P: returns at the switch.
    void leave(const std::function<void()> &call);

    // Calls a function that switches away, in which P, as `state` says, goes on after the switch, as the current
    // process; returns when the function does.
    void go_on(const State &state, const std::function<void()> &call);

    // Ends P. A new process has its table entry afterwards: throws Violation unless that is as it should be.
    void end(const State &state);

    procent &process() const { return process_entry(p_); }
    ProcessId p() const { return p_; }

    // The place of the return address of the sleepms() that a level is in.
    uint32_t *slot(std::size_t level) const { return words(level) + kSleepFrame + 1; }
    uint32_t *words(std::size_t level) const;
    void place_sleepms_frame(uint32_t *slot);

    const arch::InterruptFrame *frame_on(std::size_t level) const;
    const arch::InterruptFrame *frame_above_low(uint32_t bytes) const;
    uint32_t stack_low_end() const { return stack_low(process()); }

    uint32_t value_of(Word word, std::size_t level) const;
    uint32_t address_of_original(uint8_t original) const;

    // Offsets in the words of a level.
    static constexpr uint32_t kReschedFrame = 20, kSleepFrame = 30;
    static constexpr uint32_t kWordsOfLevel = 40;

private:
    static uint16 state_for(Where where);
    void check_stack(const State &state) const;
    uint8_t original_of(uint32_t address) const;
    Word word_at(std::size_t level) const;
    void load_fields(const State &state);
    void load_stack(const State &state);
    void load_queues(const State &state);
    void new_process();
    void unqueue(ProcessId pid);
    uint8_t level_of(const uint32_t *slot) const;

    ProcessId p_ = 0, q_ = 0;
    std::vector<uint32_t> image_; // of the used part of P's stack, as loaded
};

} // namespace detour::model
