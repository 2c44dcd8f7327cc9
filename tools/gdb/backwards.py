"""`reverse-continue` in a recording, with all that gdb does for breakpoints on the way forward.

QEMU goes back to the last breakpoint or watchpoint by itself, and gdb then judges conditions and ignore counts. That
fails in two cases. An interrupt is no instruction: back at the entry of its handler, the machine is in fact before the
interrupt, where gdb sees no breakpoint, and so no condition either. And QEMU does not report that it was a watchpoint
that stopped it.

So a place where gdb does not see why it stopped is entered forward, from the instruction before it: then gdb does. And
where breakpoints have conditions or ignore counts, the way there is found forward, too, in stretches before this moment
that get longer: the last one of a stretch's hits is where to go. During the search each condition also notes its hit,
and is never true.
"""

import collections
import contextlib

import gdb

import quiet
from command import Command

STRETCH = 1 << 20  # instructions in the first stretch; each further one is three times as long

Hit = collections.namedtuple("Hit", "number position eip")

NOTHING = "This is the beginning of the recording; no breakpoint was hit on the way.\n"

session = noted = None  # the travel.Session, and the function $_noted
going_back = False  # gdb lets QEMU run back


class Noted(gdb.Function):
    """$_noted(N): notes that breakpoint N is hit, at this moment; is 0."""

    def __init__(self):
        super().__init__("_noted")
        self.hits = []

    def invoke(self, number):
        self.hits.append(Hit(int(number), session.position(), eip()))
        return 0


def eip():
    return int(gdb.newest_frame().read_register("eip")) & 0xFFFFFFFF


def own_breakpoints():
    """The user's breakpoints that can stop the machine."""
    return [each for each in gdb.breakpoints() if each.number > 0 and each.enabled]


def has_local_watchpoint():
    """Whether there is a watchpoint that gdb forgets when it disconnects, as all do that are no `watch -location` or
    global."""
    return "watchpoint scope" in gdb.execute("maintenance info breakpoints", to_string=True)


@contextlib.contextmanager
def conditions(change):
    """Replaces the user's conditions inside the block: change(breakpoint) returns the new ones."""
    before = {each: each.condition for each in own_breakpoints()}
    try:
        for breakpoint in before:
            breakpoint.condition = change(breakpoint)
        yield
    finally:
        for breakpoint, condition in before.items():
            if breakpoint.is_valid():
                breakpoint.condition = condition


def refresh_watchpoints():
    """gdb reads the value of a watchpoint again when it is enabled: the old value is of another moment."""
    for breakpoint in own_breakpoints():
        if breakpoint.expression is not None:
            breakpoint.enabled = False
            breakpoint.enabled = True


# ---- the search ----


def hits_between(begin, end):
    """All hits in the positions after `begin`, up to `end`, in order."""
    noted.hits.clear()
    session.seek(begin)
    with conditions(lambda each: f"({each.condition or 1}) && $_noted({each.number})"):
        refresh_watchpoints()
        while session.position() <= end:
            run(end + 1)
            if session.position() <= end and isinstance(session.event, gdb.SignalEvent):  # Ctrl-C
                raise KeyboardInterrupt
    return [hit for hit in noted.hits if hit.position <= end and (hit.position > begin or begin == 0)]


def last_hit(position):
    """The last hit before this position that no ignore count skips; None if there is none."""
    ignored = {each.number: each.ignore_count for each in own_breakpoints()}
    end, length, found = position - 1, STRETCH, None
    while end > 0 and not found:
        begin = max(0, end - length)
        for hit in reversed(hits_between(begin, end)):
            if ignored[hit.number] == 0:
                found = hit
                break
            ignored[hit.number] -= 1
        end, length = begin, 3 * length
    for breakpoint in own_breakpoints():
        breakpoint.ignore_count = ignored[breakpoint.number]
    return found


# ---- going there ----


def run(limit):
    """Lets the machine run, to this position at most."""
    session.limit = limit
    session.guard()
    try:
        gdb.execute("continue")
    finally:
        session.limit = session.end
        session.guard()


def run_backwards():
    """Lets the machine run back to where QEMU stops. gdb reports only breakpoints; returns whether it did."""
    global going_back
    quiet.begin()
    gdb.execute("set exec-direction reverse")
    going_back = True
    try:
        gdb.execute("continue")
    finally:
        going_back, heard = False, quiet.kept is None
        gdb.execute("set exec-direction forward")
        quiet.end()
    return heard


class Unmute(gdb.Command):
    """Let gdb be heard if there is a breakpoint; gdb calls this when the machine has stopped, before it says so."""

    def __init__(self):
        super().__init__("unmute-at-breakpoint", gdb.COMMAND_OBSCURE)

    def invoke(self, _argument, _from_tty):
        if going_back and any(eip() == place.address for each in own_breakpoints() for place in each.locations):
            quiet.end()


def enter(position, address=None):
    """Enters a position from the instruction before it, so that gdb sees what is there: at this EIP, if it is given."""
    session.seek(max(0, position - 1))
    refresh_watchpoints()
    while session.position() <= position:
        run(position + 1)
        if isinstance(session.event, gdb.BreakpointEvent) and address in (None, eip()):
            return
    session.seek(position)
    gdb.execute("frame")


def to_last_hit():
    """The place that QEMU cannot find alone: with conditions and ignore counts."""
    if has_local_watchpoint():
        raise gdb.GdbError("Conditions and ignore counts are looked for at times when there is no such local variable: "
                           "use `watch -location`, or disable the watchpoint.")
    begin = session.position()
    try:
        with quiet.quiet():
            hit = last_hit(begin)
    except KeyboardInterrupt:
        session.seek(begin)
        raise gdb.GdbError("Interrupted; this is the moment where you were.") from None
    if hit:
        enter(hit.position, hit.eip)
    else:
        session.seek(0)
        gdb.write(NOTHING)


def to_last_stop():
    """The last place at which QEMU stops."""
    if run_backwards():
        return
    if session.position() == 0:
        gdb.write(NOTHING)
    elif isinstance(session.event, gdb.SignalEvent):
        gdb.write("Interrupted.\n")
        gdb.execute("frame")
    elif has_local_watchpoint():
        gdb.execute("frame")
    else:
        enter(session.position())


class ReverseContinue(Command):
    """Go back to the last time that a breakpoint or watchpoint was hit.

reverse-continue [N]

With N, to the N-th last time. Conditions and ignore counts hold as they do forward."""

    name = "reverse-continue"
    group = gdb.COMMAND_RUNNING
    takes_arguments = True

    def run(self, arguments):
        for _ in range(int(gdb.parse_and_eval(arguments[0])) if arguments else 1):
            if any(each.condition or each.ignore_count for each in own_breakpoints()):
                to_last_hit()
            else:
                to_last_stop()


def begin(of):
    """Adds the command, for this travel.Session."""
    global session, noted
    session, noted = of, Noted()
    Unmute()
    gdb.execute("define hook-stop\nunmute-at-breakpoint\nend")
    ReverseContinue()
