// process_report.hpp - the process table, printed when something went wrong
#pragma once

#include <xinu/types.h>

namespace detour
{

const char *state_name(uint16 state);

// A line for every process, as many as fit a screen.
void print_process_table();

} // namespace detour
