"""The recording that this gdb replays, for the commands that need one, and passes through it."""

import bisect
import contextlib

import gdb

import kernel_data
from command import Command
from kernel_data import register
from quiet import quiet
from restart import breakpoints_off

session = None  # the travel.Session
first_moment = None  # at which there are processes; None if it is not known yet


def require():
    """The session; a GdbError if this gdb replays nothing."""
    if session is None:
        raise gdb.GdbError("only a recording has a past: `make record APP=...` records a run, `make rewind` goes back "
                           "in it")
    if gdb.selected_inferior().pid == 0:
        raise gdb.GdbError("there is no machine any more: leave gdb and say `make rewind` again")
    return session


class RecordingCommand(Command):
    """A command about a recording: its run(arguments) finds one in recorded.session."""

    def invoke(self, argument, from_tty):
        require()
        super().invoke(argument, from_tty)


class Place(gdb.Breakpoint):
    """Calls note() at each arrival at an instruction, and does not stop there."""

    def __init__(self, address, note):
        super().__init__(f"*{address:#x}", internal=True)
        self.note = note

    def stop(self):
        self.note()
        return False


def go(position, eip=None):
    """Goes there; to the first instruction of an interrupt's handler, if that is at this EIP: the interrupted one has
    the same position."""
    session.seek(position)
    if eip is not None and register("eip") != eip and not session.at_end():
        gdb.execute("stepi", to_string=True)


def boot_end():
    """The first position at which there are processes, found by halves: before it, code that runs for long lies beside
    that of detours, and QEMU is slow with a breakpoint in its page."""
    global first_moment
    if first_moment is None:
        with excursion():
            first_moment = bisect.bisect_left(range(session.end), True, key=is_booted_at)
    return first_moment


def is_booted_at(position):
    session.seek(position)
    return kernel_data.is_booted()


@contextlib.contextmanager
def excursion():
    """Is back at this moment after the block, during which nothing is printed and the user's breakpoints are off."""
    position, eip = session.position(), register("eip")
    with quiet(), breakpoints_off():
        try:
            yield
        finally:
            go(position, eip)


def run_through(places):
    """Lets the machine run from here to the end of the recording, and deletes the places; KeyboardInterrupt, if the
    user's Ctrl-C stops it."""
    try:
        while not session.at_end() and gdb.selected_inferior().pid:
            gdb.execute("continue", to_string=True)
            if isinstance(session.event, gdb.SignalEvent) and not session.at_end():
                raise KeyboardInterrupt
    finally:
        for place in places:
            place.delete()


def survey(notes):
    """Calls each of these functions whenever the machine arrives at its address, from the end of the boot to the end of
    the recording, and comes back."""
    try:
        with excursion():
            session.seek(boot_end())
            run_through([Place(address, note) for address, note in notes.items()])
    except KeyboardInterrupt:
        raise gdb.GdbError("Interrupted; this is the moment where you were.") from None
