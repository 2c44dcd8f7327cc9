"""The commands `run` and `start`, which gdb has for programs of the host: here they begin the machine's run again.

gdb's own `run` would, once the machine has ended, start the kernel's file as a program of this computer.
"""

import contextlib

import gdb

import kernel_data
from command import Command
from quiet import quiet

ATTEMPTS = 3  # seldom, a replay stops somewhere in the firmware, with no reason given

begin_again = None  # a function: goes to the beginning of the run; live.py and travel.py have one


def at_entry():
    """Whether the machine is at the kernel's first instruction, or before: there is nothing to begin again."""
    if gdb.selected_inferior().pid == 0:
        return False
    booted = int(kernel_data.variable("prcount")) != 0
    return not booted and kernel_data.register("eip") in (kernel_data.symbol_address("_start"), 0xFFF0)


@contextlib.contextmanager
def breakpoints_off():
    """The user's breakpoints are for the kernel, not the firmware. An enabled watchpoint reads its value again."""
    enabled = [each for each in gdb.breakpoints() if each.number > 0 and each.enabled]
    for breakpoint in enabled:
        breakpoint.enabled = False
    try:
        yield
    finally:
        for breakpoint in enabled:
            if breakpoint.is_valid():
                breakpoint.enabled = True


def go_to_entry():
    """From the machine's very first instruction, in the firmware and in real mode, to the kernel's own first one."""
    address = kernel_data.symbol_address("_start")
    entry = gdb.Breakpoint(f"*{address:#x}", internal=True)
    try:
        with breakpoints_off(), quiet():
            for _ in range(ATTEMPTS):
                gdb.execute("continue", to_string=True)
                if gdb.selected_inferior().pid == 0 or kernel_data.register("eip") == address:
                    break
    finally:
        entry.delete()


def rewind():
    if begin_again is not None:
        begin_again()
    elif not at_entry():
        raise gdb.GdbError("this gdb has not started the machine, and cannot start it again: end the session, "
                           "and begin another")


class Run(Command):
    """Begin the run of the machine again, with all breakpoints, and let it run to the first of them.

run

A machine of `make debug` is started anew. In a recording, this goes to its beginning."""

    name = "run"
    group = gdb.COMMAND_RUNNING

    def run(self, arguments):
        rewind()
        gdb.execute("continue")


class Start(Command):
    """Begin the run of the machine again, and let it run to main().

start

The same as `tbreak main` and `run`."""

    name = "start"
    group = gdb.COMMAND_RUNNING

    def run(self, arguments):
        rewind()
        gdb.execute("tbreak main")
        gdb.execute("continue")


# Without this, other commands, too, would connect gdb to this computer when no machine is there.
gdb.execute("set auto-connect-native-target off")
for command in Run, Start:
    command()
