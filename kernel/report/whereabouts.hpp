// whereabouts.hpp - reporting where each process is, for a system that hangs
#pragma once

namespace detour
{

// Prints for each process except the null process and the current one: its state, what it waits for, and its active
// functions, innermost first; as many as fit on a few screens.
void print_whereabouts();

} // namespace detour
