// process_report.hpp - printing the process table when something goes wrong
#pragma once

#include <xinu/types.h>

namespace detour
{

const char *state_name(uint16 state);

// Prints a line for each process, as many as fit on a screen.
void print_process_table();

} // namespace detour
