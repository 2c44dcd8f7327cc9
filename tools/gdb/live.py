"""A live session: machines that tools/run/debug.py starts for this gdb. `make debug` loads it.

Each machine waits at its very first instruction: real mode, in the firmware, where neither lines nor symbols are right.
So it is run to the kernel's own first instruction before the user sees it.
"""

import socket
import sys

import gdb

import console
import restart
import resuming
from quiet import quiet

STEPS = ("next", "nexti", "step", "stepi")
BANNER = """The machine is before the kernel's first instruction. `start` leads to the
program's main(), `continue` lets it run. `help detour-commands` lists what
Detour adds to gdb: ps, kstack, detour, run, type and more.
"""

machines = None  # the Machines


class Machines:
    """The connection to tools/run/debug.py, which starts the machines."""

    def __init__(self, connection, typed):
        self.connection, self.typed = connection, typed

    def next(self):
        """Connects gdb to the machine that tools/run/debug.py announces, and goes to the kernel's first instruction."""
        message, (descriptor,) = self.receive()
        connection = socket.socket(fileno=descriptor)
        keys = b""
        if self.typed:
            with open(self.typed, "rb") as file:
                keys = file.read() + console.END_OF_INPUT
        console.replace(console.Console(connection, keys))
        with quiet():
            gdb.execute(f"target remote 127.0.0.1:{int(message)}", to_string=True)
        restart.go_to_entry()

    def receive(self):
        message, descriptors, _, _ = socket.recv_fds(self.connection, 4096, 1)
        if not descriptors:
            raise gdb.GdbError(message.decode().strip("!\n") or "tools/run/debug.py has ended: leave gdb")
        return message, descriptors

    def begin_again(self):
        """Another machine, at the kernel's first instruction; the same one, if it is still there."""
        if restart.at_entry():
            return
        if gdb.selected_inferior().pid:
            gdb.execute("disconnect", to_string=True)
        self.connection.sendall(b"start\n")
        self.next()


def refuse_backwards(name):
    """A live machine has no past."""
    if name in resuming.BACKWARD:
        raise gdb.GdbError("A live machine does not go backwards. `make record APP=...` records a run, "
                           "`make rewind` goes back in it.")


def note_on_steps(name):
    """Says once what stepping does not show."""
    if name in STEPS:
        resuming.checks.remove(note_on_steps)
        if sys.stdin.isatty():
            gdb.write("(While gdb steps, a live machine takes no interrupts. It does with `continue`,\n"
                      "and a recording does in each step: `make record`, `make rewind`.)\n")


def begin(descriptor, typed):
    """descriptor is our end of the socket to tools/run/debug.py; typed, a file or None, is typed at each machine's
    console."""
    global machines
    machines = Machines(socket.socket(fileno=descriptor), typed)
    machines.connection.set_inheritable(False)  # the programs that gdb starts do not keep it open
    console.begin()
    machines.next()
    restart.begin_again = machines.begin_again
    resuming.checks[:0] = [refuse_backwards]
    resuming.checks.append(note_on_steps)
    if sys.stdin.isatty():
        gdb.write(BANNER)
    gdb.execute("frame")
