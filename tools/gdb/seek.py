"""`seek`: to another moment of a recording, by instructions, by msec, or by what happens there."""

import bisect

import gdb

import kernel_data
import recorded
from recorded import RecordingCommand

FUNCTIONS = {  # where a moment of each kind is
    "switch": ("ctxsw",),
    "send": ("send",),
    "detour": ("cbfmanager", "cbfreturn", "detour::arch::redirect_user"),
}

known = {}  # by kind: the positions of its moments, in order


def positions(kind):
    """Where the moments of this kind are. The first time, this takes a pass through the recording."""
    if kind not in known:
        found = []
        recorded.survey({kernel_data.function_address(name): lambda: found.append(recorded.session.position())
                         for name in FUNCTIONS[kind]})
        known[kind] = found
    return known[kind]


def number(text, here, usage):
    """A number, or with a sign so many more or less than here()."""
    try:
        return int(text) + (here() if text[0] in "+-" else 0)
    except ValueError:
        raise gdb.GdbError(f"{text} is no number: `seek {usage}`; see `help seek`") from None


def msec_at(position):
    recorded.session.seek(position)
    return kernel_data.clock()


def position_of_msec(msec):
    """The first moment at which the clock shows so many msec, found by halves."""
    session = recorded.session
    with recorded.excursion():
        last = msec_at(session.end)
        if msec > last:
            raise gdb.GdbError(f"the recording ends at msec {last}")
        return bisect.bisect_left(range(session.end), msec, key=msec_at)


class Seek(RecordingCommand):
    """Go to another moment of the recording, or tell which one this is.

seek end      the end: when the machine was switched off, or the run was ended from outside
seek start    the first instruction of the machine
seek N        when N instructions had been executed
seek -N       N instructions back; `seek +N` is N instructions on
seek msec N   when clkcountermsec became N; `seek msec -N` is N msec back, `seek msec +N` on
seek switch   the next switch of processes, at the first instruction of ctxsw
seek send     the next call of send(), by a process of either ring
seek detour   the next detour to a callback: at cbfmanager or cbfreturn or, if it leads to ring 3, redirect_user
seek send N   the N-th one of the recording; `seek send -1` is the last one before this moment, `seek send +2` the next
              but one; so also with switch and detour
seek          tells the moment

From each moment you can go backwards: `reverse-stepi`, `reverse-step`, `reverse-next`, `reverse-finish`, and
`reverse-continue`, which goes back to the last time that a breakpoint or a watchpoint was hit. These stay where they
are when you seek. An interrupt is no instruction: `seek` and `reverse-stepi` to the first instruction of a handler lead
to the interrupted instruction; `stepi` then enters the handler.

Switches, sends and detours are looked for in one pass through the recording, the first time."""

    name = "seek"
    group = gdb.COMMAND_RUNNING
    takes_arguments = True

    def run(self, arguments):
        if not arguments:
            return recorded.session.where() + "\n"
        position, said = self.target(*arguments)
        recorded.session.seek(min(max(0, position), recorded.session.end))
        return gdb.execute("frame", to_string=True) + recorded.session.where() + said + "\n"

    def target(self, what, *more):
        """A position, and what to say of it."""
        session = recorded.session
        if what == "msec" and len(more) == 1:
            return position_of_msec(number(more[0], kernel_data.clock, "msec N")), ""
        if what in FUNCTIONS and len(more) <= 1:
            return self.moment(what, more[0] if more else "+1")
        if more or not (what in ("start", "end") or what.lstrip("+-").isdigit()):
            raise gdb.GdbError(f"`seek {' '.join((what, *more))}`: there is `seek start`, `seek end`, `seek N`, `seek "
                               "msec N`, and `seek switch`, `send` or `detour`; see `help seek`")
        named = {"start": 0, "end": session.end}
        return named[what] if what in named else number(what, session.position, "N"), ""

    @staticmethod
    def moment(kind, text):
        """The moment that `seek KIND TEXT` means."""
        here, found = recorded.session.position(), positions(kind)
        before = bisect.bisect_left(found, here)
        passed = bisect.bisect_right(found, here)
        wanted = number(text, lambda: before + 1 if text[0] == "-" else passed, f"{kind} N")
        if not 1 <= wanted <= len(found):
            where = f"; {before} before this moment, {len(found) - passed} after it" if found else ""
            raise gdb.GdbError(f"there is no such {kind}: the recording has {len(found)}{where}")
        return found[wanted - 1], f" {kind.capitalize()} {wanted} of {len(found)}."


Seek()
