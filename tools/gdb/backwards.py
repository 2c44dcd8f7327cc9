"""`reverse-continue` in a recording, with all that gdb does for breakpoints on the way forward.

QEMU goes back to the last breakpoint or watchpoint by itself, and gdb then judges conditions and ignore counts. That fails
in two cases. An interrupt is no instruction: back at the entry of its handler, the machine is in fact before the interrupt,
where gdb sees no breakpoint, and so no condition either. And QEMU does not tell that it was a watchpoint which stopped it.

So a place that gdb does not know is entered forward, from the instruction before it: there gdb knows. And where breakpoints
have conditions or ignore counts, the way there is found forward, too, in stretches before this moment that get longer: the
last one of a stretch's hits is where to go. Meanwhile each condition also notes its hit, and is never true.
"""

import collections
import contextlib

import gdb
from command import Command

STRETCH = 1 << 20  # instructions in the first stretch; each further one is as long as all those before it together, twice

Hit = collections.namedtuple("Hit", "number position eip")

session = None  # travel.Session


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
    """The user's, as far as they count."""
    return [each for each in gdb.breakpoints() if each.number > 0 and each.enabled]


@contextlib.contextmanager
def conditions(change):
    """The user's conditions are others inside the block: change(breakpoint) returns them."""
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
    """gdb reads the value of a watchpoint again when it is enabled: the one that it has is of another moment."""
    for breakpoint in own_breakpoints():
        if breakpoint.expression is not None:
            breakpoint.enabled = False
            breakpoint.enabled = True


# ---- the search ----


def hits_between(begin, end):
    """All hits after the position `begin` and before `end`, in their order."""
    noted.hits.clear()
    session.go(begin)
    with conditions(lambda each: f"({each.condition}) && $_noted({each.number})" if each.condition else f"$_noted({each.number})"):
        refresh_watchpoints()
        session.forward_to(end)
    return [hit for hit in noted.hits if hit.position < end]


def last_hit(begin):
    """The last hit before this position that no ignore count takes away; None if there is none."""
    ignored = {each.number: each.ignore_count for each in own_breakpoints()}
    end, length = begin, STRETCH
    while end > 0:
        start = max(0, end - length)
        for hit in reversed(hits_between(start, end)):
            if ignored[hit.number] == 0:
                keep_ignore_counts(ignored)
                return hit
            ignored[hit.number] -= 1
        end, length = start, 3 * length
    keep_ignore_counts(ignored)
    return None


def keep_ignore_counts(ignored):
    for breakpoint in own_breakpoints():
        if breakpoint.ignore_count != ignored[breakpoint.number]:
            breakpoint.ignore_count = ignored[breakpoint.number]
