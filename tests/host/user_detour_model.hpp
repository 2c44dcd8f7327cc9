// user_detour_model.hpp - the detours of a ring-3 process as docs/callbacks.md has them
#pragma once

#include "tests/host/fake_user.hpp"

#include "kernel/base/process_list.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace detour::fake
{

// A detour in progress: its callbacks that have not returned, the first one running; and where it resumes.
struct Level {
    std::vector<std::pair<int, uint32_t>> callbacks; // kind (0: vacation) and function
    arch::UserFrame home;
    uint32_t place;
};

// What a process should be.
struct Model {
    ProcessId pid = kNoProcess;
    uint32_t alarm = 0, message = 0, vacation = 0; // functions; 0: not registered
    uint32_t alarm_time = 0;
    bool arrived = false; // the message event
    bool mail = false;    // a message waits
    std::vector<Level> levels;

    bool is_running(int kind) const
    {
        return std::any_of(levels.begin(), levels.end(), [kind](const Level &level) {
            return std::any_of(level.callbacks.begin(), level.callbacks.end(),
                               [kind](const auto &each) { return each.first == kind; });
        });
    }

    // R10, R11, R19, R20
    std::vector<std::pair<int, uint32_t>> claim(uint32_t now, bool returns_from_sleepms)
    {
        std::vector<std::pair<int, uint32_t>> claimed;
        if (alarm != 0 && now >= alarm_time && !is_running(CB_ALARM))
            claimed.emplace_back(CB_ALARM, std::exchange(alarm, 0));
        if (arrived && !is_running(CB_MESSAGE)) {
            claimed.emplace_back(CB_MESSAGE, std::exchange(message, 0));
            arrived = false;
        }
        if (returns_from_sleepms && vacation != 0)
            claimed.emplace_back(0, std::exchange(vacation, 0));
        return claimed;
    }
};

} // namespace detour::fake
