"""What the public checks of the pages lab report on a right kernel, and what to think about if they do not.

One function a check: it gets the numbers (tools/labs/parameters.py) and returns the lines; its docstring is the hint.
In a line, {3..5} is any number from 3 to 5.
"""

SHORT = 32  # pages.h
MASK = 0xFFFFFFFF


def again(given):
    """The pages of a run that is released count as free at once, and are found by the next request."""
    pages = given.between(0, SHORT + 1, 60)
    return [f"two blocks of {pages} pages: {2 * pages} pages fewer", f"one of them freed: {pages} pages fewer",
            "taken and freed 500 times: fails 0 times", "both freed: 0 pages fewer"]


def best(given):
    """Of all free runs that are long enough, the shortest is cut (best fit), and its rest is a free run, too."""
    a, b = given.between(0, 42, 49), given.between(1, 90, 99)
    return [f"{b - 40} pages come from hole B", "160 pages come from hole -", "40 pages come from hole B",
            f"{a} pages come from hole A"]


def refuse(given):
    """The kinds of frames tell: a run begins exactly where its first frame says so, and a released one does not say so
    any more."""
    return ["a page fewer: refused", "the second page: refused", "the block: accepted", "the block again: refused",
            "the next block's last page: refused", f"afterwards {given.between(0, SHORT + 1, 60)} pages more"]


def merge(_given):
    """A run that is released looks at the frame behind it and at the one before it: the tags at both ends of a free run
    say how long it is."""
    return ["freed 0, 1, 2: they are one run", "freed 2, 1, 0: they are one run", "freed 0, 2, 1: they are one run"]


def ended(given):
    """The runs of a process are on its lists, owned_[pid]. All of them are released when it ends, however it ends."""
    blocks = given.between(1, 15, 24)
    return [f"a process with {blocks} blocks has ended: 0 pages fewer", "one has been killed: 0 pages fewer"]


def others(_given):
    """Only runs on the lists of the process that has ended are released, each with all its pages and no more."""
    return ["blocks of the ended process that were not used again: 0", "changed pages of the other one: 0"]


def null(given):
    """An entry without kPresent: whoever touches the page is ended by a page fault, and reported."""
    return ["reading address 0: is ended", f"writing address {given.between(0, 1, 4095)}: is ended",
            "writing a variable: goes on"]


def text(_given):
    """An entry without kWritable can only be read; with WP of CR0, which is set, this is true for the kernel, too. Code
    and constants lie from `text` to `data`."""
    return ["reading code: goes on", "writing code: is ended", "reading a constant: goes on",
            "writing a constant: is ended", "writing a variable: goes on"]


def overflow(_given):
    """Below each stack is a gap of addresses that are not mapped. So the first push too many is a page fault, before it
    can change anything."""
    return ["the process that overflows its stack is ended", "8 neighbours looked; changed words on their stacks: 0"]


def gap(given):
    """A stack ends at the end of its last place, and its lowest page lies directly above the gap: no page more than
    asked for, rounded up, is mapped."""
    pages = given.between(0, 2, 9)
    return [f"a stack of {pages * 4096 - given.between(1, 0, 4000)} bytes: its highest word goes on",
            "it is where stacks are to be: yes", "the lowest byte: goes on", "the byte below: is ended",
            "reading there: is ended"]


def program(given):
    """Each page of the program must be at its address, readable in ring 3, and its variables writable. An entry of
    the directory allows what the entries of the table may allow."""
    return [f"the program sends {given.between(0, 1, 1000000) + 2999 * 3000 // 2}"]


def apart(given):
    """Each process has a page directory of its own; a table of one must not get into the other."""
    return ["both have a variable at one address",
            *(f"in that of number {i} is {given.between(i, 1, 1000000)}" for i in range(2))]


def guarded(_given):
    """kUser lets ring 3 use a page, kWritable lets it write; both must be set in the directory's entry and in the
    table's."""
    return ["reading its code: goes on", "writing its code: is ended", "reading the kernel's code: is ended",
            "writing the kernel's variables: is ended", "reading address 0: is ended",
            "writing the byte below its stack: is ended"]
