// frame_address.hpp - included before all of system/sleep.cpp, whose sleepms() finds its frame on the model's stack
#pragma once

namespace detour::model
{
void *frame_of_sleepms(int);
}
#define __builtin_frame_address(level) detour::model::frame_of_sleepms(level)
