// detour.hpp - event callbacks: when a process is diverted, what it then runs, and where it resumes
//
// The numbers are those of the rules in docs/callbacks.md.
//
// An event goes through three states: outstanding (registered; pralarmreg, prmsgreg), due (an alarm whose time has
// come; a message that arrived), claimed (taken back from the table at the beginning of a detour, which runs its
// callback). A detour begins at one of two places: at the end of a clock interrupt that the process took (clkdisp.S),
// or on a return of its sleepms() (cbfreturn in cbfmanager.S). It claims everything that is due at once, with
// interrupts masked (R19).
//
// For the second way the return address of sleepms() on the stack is rewritten beforehand ("planted"): by send() while
// the process sleeps (R13), or by sleepms() itself when it finds something due at its end (R7, R20). From then until
// the process arrives in cbfreturn, a few instructions after it resumes, the clock begins no detour for it.
//
// Course code may overwrite the planted return address with its own ("displaced") and later jump to cbfreturn itself.
// Until it does, nothing is planted for the process, and the clock delivers its events (R16). So a process never has
// more than one original return address outside its stack, and it is never lost (R18).
#pragma once

#include "kernel/base/claimed.h"
#include "kernel/base/process_list.hpp"
#include "kernel/sched/clock.hpp"

#include <xinu/process.h>

namespace detour::arch
{
struct InterruptFrame;
}

namespace detour
{

// Registers an event of the current process. False, and nothing changed, if one of that kind is outstanding already.
bool register_alarm(procent &process, callback function, uint32_t msec);
bool register_message(procent &process, callback function);

// The same for what cbsignal() is called with; see <xinu/prototypes.h>. False also if there is no such kind, or val is
// out of range. That the function is code of the process is for the caller to know.
bool register_event(procent &process, uint16 kind, callback function, uint32_t val);

// A message was delivered to a process that is not blocked for one (R12). If it sleeps in sleepms(), that is where its
// detour will begin: the return address is rewritten here.
void message_arrived(ProcessId pid);

// The last thing that sleepms() does. slot: the word that holds its return address.
void prepare_sleepms_return(uint32_t *slot);

// An alarm that is due and may begin now: its kind is not running already (R11). The counter wraps, so the comparison
// is by signed difference.
inline bool alarm_is_due(const procent &process)
{
    return process.pralarmreg != 0 && (process.prdetour.running & CB_ALARM) == 0 &&
           static_cast<int32_t>(clkcountermsec - process.pralarmtime) >= 0;
}

inline bool message_is_due(const procent &process)
{
    return process.prdetour.arrived != 0 && (process.prdetour.running & CB_MESSAGE) == 0;
}

inline bool anything_due(const procent &process)
{
    return alarm_is_due(process) || message_is_due(process);
}

// Takes the due registrations back and hands them to the detour that begins (R10, R15, R19).
void claim_due(procent &process, Claimed &claimed);

} // namespace detour

// Called by the assembly, with interrupts masked.
extern "C" {

// The current process is about to leave clkdisp. Claims what is due. Returns whether that is anything. frame: at ESP.
bool detour_at_tick(const detour::arch::InterruptFrame *frame, detour::Claimed *claimed);

// The current process just returned from sleepms() into cbfreturn. Claims what is due and the vacation, and fills in
// the address to which sleepms() was to return.
void detour_at_return(detour::ReturnOfSleepms *frame);

// The callback of this kind returned; CB_ALARM, CB_MESSAGE, or 0 for a vacation.
void detour_finished(uint32_t kind);
}
