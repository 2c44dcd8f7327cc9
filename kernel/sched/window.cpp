#include "kernel/sched/window.hpp"

#include <algorithm>

namespace detour
{

constinit Window window{};

// These variables of the kernel, which others declare, are fields of the header: showing them costs nothing.
#define IN_HEADER(variable, field, offset)                                                                             \
    static_assert(offsetof(Window, header) + offsetof(windowheader, field) == (offset));                               \
    asm(".globl " #variable "\n.set " #variable ", _ZN6detour6windowE + " #offset)
IN_HEADER(clkcountermsec, msec, 0);
IN_HEADER(clktime, seconds, 4);
IN_HEADER(currpid, current, 8);
IN_HEADER(prcount, count, 12);

// The registrations too, which are none yet, in either ring: those of an earlier process may stand here.
void publish_process(ProcessId pid)
{
    const procent &process = proctab[pid];
    publicentry &entry = window.table[pid];
    entry.prprio = process.prprio;
    entry.prparent = process.prparent;
    entry.prring = process.prring;
    std::copy(std::begin(process.prname), std::end(process.prname), entry.prname);
    copy_registrations(process);
}

void copy_registrations(const procent &process)
{
    publicentry &entry = window.table[&process - proctab];
    entry.pretype = process.pretype;
    entry.pralarmreg = process.pralarmreg;
    entry.prmsgreg = process.prmsgreg;
    entry.pralarmtime = process.pralarmtime;
    entry.prcbf1 = process.prcbf1;
    entry.prcbf2 = process.prcbf2;
}

} // namespace detour
