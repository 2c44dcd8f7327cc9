// children.hpp - the ends of children
#pragma once

#include "system/courses/events.hpp"

namespace detour::courses
{

// Registers the handler of the calling process for the end of each of its children; nullptr: none. Expects interrupts
// masked.
void set_child_handler(Handler handler);

} // namespace detour::courses
