// whereabouts.hpp - where each process is: the answer to "it hangs"
#pragma once

namespace detour
{

// For each process but the null process and the current one: its state, what it waits for, and the functions
// in which it is, innermost first; as many as fit a few screens.
void print_whereabouts();

} // namespace detour
