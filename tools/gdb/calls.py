"""`break write` means the call, write(), and nothing else of that name.

gdb takes a bare name for all functions of that name, in whatever class: those inside the kernel (Port::write, inlined
at forty places; Heap::getmem) are hit by calls that the program did not make. Where there is a function of exactly that
name, the other locations are disabled, as `info breakpoints` shows.
"""

import re

import gdb

import kernel_data


def plain(location):
    """The name of the function of a location, without its parameters."""
    return (location.function or "").split("(")[0]


def is_inlined(location, locations):
    """Whether another location is in the same function of the kernel, and before this one: what is inlined into a call
    is named like the call, if the two have one name. Programs of ring 3 may lie at the same addresses."""
    if location.address >= kernel_data.USER_BEGIN:
        return False
    begin = function_begin(location.address)
    return any(begin <= each.address < location.address for each in locations)


def function_begin(address):
    """Where the function begins in whose code this address is, not one that was inlined there."""
    block, begin = gdb.block_for_pc(address), address
    while block is not None and not block.is_static and not block.is_global:
        if block.function is not None:
            begin = block.start
        block = block.superblock
    return begin


def keep_the_call(breakpoint):
    """Disables the other locations of a breakpoint that the user just set at a bare name."""
    name = breakpoint.location or ""
    if breakpoint.number <= 0 or not re.fullmatch(r"\w+", name):
        return
    locations = list(breakpoint.locations)  # new objects each time
    others = [each for each in locations if plain(each) != name or is_inlined(each, locations)]
    if others and len(others) < len(locations):
        for location in others:
            location.enabled = False
        gdb.write(f"(Only {name}() itself. The other functions of that name are disabled: `info breakpoints`.)\n")


gdb.events.breakpoint_created.connect(keep_the_call)
