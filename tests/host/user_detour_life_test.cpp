// user_detour_life_test.cpp - random lives of two ring-3 processes with event callbacks, against the model
#include "tests/host/fake_user_world.hpp"
#include "tests/host/user_detour_model.hpp"

#include "kernel/base/address.hpp"
#include "kernel/detour/detour.hpp"
#include "kernel/process/message.hpp"
#include "kernel/sched/clock.hpp"
#include "kernel/sched/scheduler.hpp"
#include "kernel/user/detour.hpp"

#include <array>
#include <random>
#include <utility>

namespace detour
{
namespace
{

using arch::UserFrame;
using fake::Model;

class UserDetourLifeTest : public fake::UserWorld
{
protected:
    static constexpr size_t kMaxDepth = 40;

    uint32_t random(uint32_t first, uint32_t last)
    {
        return std::uniform_int_distribution<uint32_t>(first, last)(engine_);
    }
    uint32_t random_function() { return fake::sample::kText + random(0, fake::sample::kTextBytes - 1); }
    static procent &entry() { return process_entry(current()); }

    // The process somewhere in its own code, or in that of the callback that runs.
    UserFrame random_frame()
    {
        UserFrame frame;
        for (uint32_t &word : frame.context)
            word = random(0, 0xFFFFFFFF);
        const uint32_t from = self_->levels.empty() ? USER_STACK_END : self_->levels.back().place;
        frame.stack_pointer = frame.context[fake::kEsp] = from - random(0, 500);
        return frame;
    }

    void register_one()
    {
        const uint32_t function = random_function();
        const uint32_t msec = random(0, 20);
        const bool alarm = random(0, 1) == 0;
        const bool is_new = (alarm ? self_->alarm : self_->message) == 0;
        EXPECT_EQ(register_event(entry(), alarm ? CB_ALARM : CB_MESSAGE, fake::function_at(function), msec), is_new);
        if (is_new && alarm) {
            self_->alarm = function;
            self_->alarm_time = now_ + msec;
        } else if (is_new) {
            self_->message = function;
            self_->arrived = self_->mail; // R12
        }
    }

    // To either of the two: the one is current, the other is not.
    void send_to(Model &to)
    {
        if (to.mail)
            return;
        const InterruptGuard guard;
        EXPECT_FALSE(deliver_message(to.pid, 1));
        to.mail = true;
        to.arrived |= to.message != 0;
    }

    void fetch_message()
    {
        entry().prhasmsg = FALSE;
        self_->mail = false;
    }

    void take_vacation()
    {
        self_->vacation = random(0, 3) == 0 ? 0 : random_function();
        entry().prdetour.vacation = fake::function_at(self_->vacation);
    }

    // What the kernel did with the frame is what the model says: a detour, or nothing.
    void expect_way_on(const UserFrame &frame, const UserFrame &home, bool returns_from_sleepms)
    {
        const auto claimed = self_->claim(now_, returns_from_sleepms);
        UserFrame expected = home;
        if (!claimed.empty()) {
            expected.context[fake::kEip] = USER_CBFMANAGER;
            expected.context[fake::kEax] = claimed.front().second;
            expected.context[fake::kEflags] = 0;
            expected.stack_pointer -= sizeof(DetourRecord);
            self_->levels.push_back({claimed, home, expected.stack_pointer});
        }
        EXPECT_EQ(frame.context, expected.context);
        EXPECT_EQ(frame.stack_pointer, expected.stack_pointer);
    }

    void tick()
    {
        now_ += random(0, 8);
        clkcountermsec = now_;
        const UserFrame home = random_frame();
        UserFrame frame = home;
        const InterruptGuard guard;
        user_detour_at_tick(frame);
        expect_way_on(frame, home, false);
    }

    void return_from_call(bool from_sleepms)
    {
        UserFrame home = random_frame();
        UserFrame frame = home;
        const uint32_t result = home.context[fake::kEax] = random(0, 3);
        const InterruptGuard guard;
        const uint32_t eax = user_detour_at_return(frame, result, from_sleepms);
        EXPECT_EQ(eax, frame.context[fake::kEax]);
        expect_way_on(frame, home, from_sleepms);
    }

    void return_from_callback()
    {
        fake::Level &level = self_->levels.back();
        UserFrame frame = random_frame();
        frame.stack_pointer = level.place;
        level.callbacks.erase(level.callbacks.begin());
        const InterruptGuard guard;
        const uint32_t eax = next_user_callback(frame);
        if (!level.callbacks.empty()) {
            EXPECT_EQ(eax, level.callbacks.front().second);
            return;
        }
        EXPECT_EQ(eax, level.home.context[fake::kEax]);
        EXPECT_EQ(frame.context, level.home.context);
        EXPECT_EQ(frame.stack_pointer, level.home.stack_pointer);
        self_->levels.pop_back();
    }

    void change_processes()
    {
        std::swap(self_, other_);
        {
            const InterruptGuard guard;
            make_ready(self_->pid);
        }
        block(PR_SUSP);
        ASSERT_EQ(current(), self_->pid);
    }

    void step()
    {
        const bool deep = self_->levels.size() == kMaxDepth;
        switch (random(0, 9)) {
        case 0:
        case 1:
            return register_one();
        case 2:
            return send_to(*self_);
        case 3:
            return send_to(*other_);
        case 4:
            return fetch_message();
        case 5:
            return take_vacation();
        case 6:
            return change_processes();
        case 7:
            return deep ? return_from_callback() : tick();
        case 8:
            return deep ? return_from_callback() : return_from_call(random(0, 1) == 0);
        default:
            return self_->levels.empty() ? tick() : return_from_callback();
        }
    }

    void expect_fields(const Model &model) const
    {
        const procent &process = process_entry(model.pid);
        EXPECT_EQ(process.pralarmreg, model.alarm != 0);
        EXPECT_EQ(process.prmsgreg, model.message != 0);
        EXPECT_EQ(process.prdetour.arrived, model.arrived);
        EXPECT_EQ(process.prdetour.running,
                  (model.is_running(CB_ALARM) ? CB_ALARM : 0) | (model.is_running(CB_MESSAGE) ? CB_MESSAGE : 0));
        EXPECT_EQ(address_of(process.prdetour.vacation), model.vacation);
    }

    void live(uint32_t seed)
    {
        engine_.seed(seed);
        models_ = {};
        self_->pid = enter();
        other_->pid = start();
        for (int i = 0; i < 3000 && !HasFailure(); ++i) {
            step();
            expect_fields(models_[0]);
            expect_fields(models_[1]);
            if (i % 100 == 0)
                expect_agreement();
        }
    }

private:
    std::mt19937 engine_;
    uint32_t now_ = 0;
    std::array<Model, 2> models_;
    Model *self_ = &models_[0];
    Model *other_ = &models_[1];
};

TEST_F(UserDetourLifeTest, FollowsTheModel)
{
    for (uint32_t seed = 1; seed <= 20 && !HasFailure(); ++seed) {
        SCOPED_TRACE(seed);
        live(seed);
        end_current();
    }
}

} // namespace
} // namespace detour
