"""`calls`: what the programs of a recording asked of the kernel, and what it answered."""

import gdb

from processes import table_of
from recorded import RecordingCommand
from system_calls import Log

log = None  # the Log, once it was read


class Calls(RecordingCommand):
    """List the system calls of the recording: when, who, from where, with which arguments and which result.

calls          all
calls failed   those that returned SYSERR

The first column is for `seek`: it leads to the first instruction of the call. Listed are the calls in the program's
own code and, in ring 3, in its library, too: all that reach the kernel. A call that has not returned still waits, or
its process has ended.

The first time, this takes a pass through the recording, which needs some msec for each call."""

    name = "calls"
    takes_arguments = True

    def run(self, arguments):
        global log
        if arguments not in ([], ["failed"]):
            raise gdb.GdbError("there is `calls`, and `calls failed`; see `help calls`")
        log = log or Log().read()
        found = [call for call in log.calls if call.failed()] if arguments else log.calls
        more = "" if log.complete else f"(only the first {len(log.calls)} calls of the recording were kept)\n"
        if not found:
            return ("no call has failed\n" if arguments else "no program has called the kernel\n") + more
        rows = [("seek", "msec", "process", "call", "from")]
        rows += [(call.at, call.msec, f"{call.pid} ({call.process})", call.text(), call.caller) for call in found]
        return table_of(rows, ">><<<") + more


Calls()
