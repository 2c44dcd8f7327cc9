"""Breakpoints that are meant for one process: `break send thread 4`, `break send if $_running(3)`.

To gdb, a breakpoint of a thread is hit when that thread executes; but it is always the CPU's thread that does. So the
breakpoint becomes one of all threads, with a condition.
"""

import gdb

import threads
from stack import running_pid


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
        pid = thread.ptid[1] - threads.FIRST_PROCESS
        condition = f"$_running({pid})"
        breakpoint.condition = f"{condition} && ({breakpoint.condition})" if breakpoint.condition else condition
        gdb.write(f"Breakpoint {breakpoint.number} is for process {pid}.\n")


Running()
gdb.events.breakpoint_created.connect(of_process)
