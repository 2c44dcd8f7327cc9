"""Breakpoints that are meant for one process: `break send thread 4`, `break send if $_running(3)`.

To gdb, a breakpoint of a thread is hit when that thread executes; but it is always the CPU's thread that does. So the
breakpoint becomes one of all threads, with a condition. A watchpoint on a local variable of a thread is of that thread,
too, and cannot be changed; one on its address is of all. QEMU watches an address in all address spaces.
"""

import re

import gdb

import threads
from programs import is_user
from stack import running_pid

LOCATION = "-location "  # how the expression of `watch -location` begins
RUNNING = "$_running("


class Running(gdb.Function):
    """$_running(PID): whether the CPU executes this process."""

    def __init__(self):
        super().__init__("_running")

    def invoke(self, pid):
        return running_pid() == int(pid)


def of_process(breakpoint):
    """Gives a breakpoint of a process's thread its condition."""
    thread = next((each for each in gdb.selected_inferior().threads() if each.global_num == breakpoint.thread), None)
    if breakpoint.number <= 0 or thread is None:
        return
    breakpoint.thread = None
    if thread.ptid[1] != threads.CPU:
        restrict(breakpoint, thread.ptid[1] - threads.FIRST_PROCESS)


def restrict(breakpoint, pid):
    condition = f"{RUNNING}{pid})"
    breakpoint.condition = f"{condition} && ({breakpoint.condition})" if breakpoint.condition else condition
    gdb.write(f"Breakpoint {breakpoint.number} is for process {pid}.\n")


def watched(breakpoint):
    """A watchpoint that is set in the thread of a process is for that process, if its memory is; one on a local
    variable is never hit, and this says so."""
    pid, expression = threads.selected_process(), breakpoint.expression
    if breakpoint.number <= 0 or pid is None or expression is None:
        return
    if expression.startswith(LOCATION):
        address = gdb.parse_and_eval(expression[len(LOCATION):]).address
        if is_user(int(address)) and RUNNING not in (breakpoint.condition or ""):
            restrict(breakpoint, pid)
    elif any(is_local(name) for name in re.findall(r"[A-Za-z_]\w*", expression)):
        gdb.write(f"Process {pid} is switched out, and gdb does not look at its local variables when the CPU's thread "
                  f"stops:\nsay `watch -location {expression}` instead.\n")


def is_local(name):
    symbol = gdb.lookup_symbol(name)[0]
    return symbol is not None and symbol.needs_frame


Running()
gdb.events.breakpoint_created.connect(of_process)
gdb.events.breakpoint_created.connect(watched)
