"""`break write` means the call, write(), and nothing else of that name.

gdb takes a bare name for all functions of that name, in whatever class: those inside the kernel (Port::write, inlined
at forty places; Heap::getmem) are hit by calls that the program did not make. Where there is a function of exactly that
name, the other locations are disabled, as `info breakpoints` shows.
"""

import re

import gdb


def plain(location):
    """The name of the function of a location, without its parameters."""
    return (location.function or "").split("(")[0]


def keep_the_call(breakpoint):
    """Disables the other locations of a breakpoint that the user just set at a bare name."""
    name = breakpoint.location or ""
    if breakpoint.number <= 0 or not re.fullmatch(r"\w+", name):
        return
    locations = list(breakpoint.locations)  # new objects each time
    calls = [each for each in locations if plain(each) == name]
    # Behind the first is what was inlined into the call, under the same name.
    call = min(calls, key=lambda each: each.address, default=None)
    others = [each for each in locations if each is not call]
    if calls and others:
        for location in others:
            location.enabled = False
        gdb.write(f"(Only {name}() itself. The other functions of that name are disabled: `info breakpoints`.)\n")


gdb.events.breakpoint_created.connect(keep_the_call)
