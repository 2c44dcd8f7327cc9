#!/usr/bin/env python3
"""Computes how much of a process's stack the kernel needs, and compares it with what the kernel makes sure of.

An interrupt or a system call works on the stack of the process. Before it changes anything it checks that there is room:
clkdisp.S and entry.S for INTERRUPT_STACK_ROOM bytes, a system call for those of its guard (kernel/base/interrupt_guard.hpp).
GCC writes the frame sizes and the calls of every file (-fcallgraph-info=su); the deepest path must fit. And since the
kernel's frames are not touched as they are made, as those of programs are, none may be as large as a guard page.

Usage: stack_depth.py FOLDER     the folder with the kernel's .ci files
"""

import pathlib
import re
import sys

NODE = re.compile(r'node: \{ title: "([^"]+)" label: "([^"]*)"')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')
SIZE = re.compile(r"(\d+) bytes \((static|dynamic,bounded)\)")

RETURN_ADDRESS = 4
GUARD_PAGE = 4096
ARGUMENTS = 12  # pushed for a call, and in no frame size: three words, the most that deep calls have here

# Assembly: what it pushes.
KNOWN = {"ctxsw": 40, "require_stack": 0}

# Here interrupts come in amid a system call: let_interrupts_in() of kernel/base/interrupt_guard.hpp.
LET_IN = "_ZN6detour17let_interrupts_inEb"

# Paths that leave the stack, or end in a panic, which does not come back; and what no report of the kernel prints.
LEAVING = ("put_float", "abandon_stack", "assertion_failed", "kernel_panic", "all_processes_completed", "panic", "__indirect_call")

ROOT = pathlib.Path(__file__).resolve().parents[2]
PUSHAL = 32
INTERRUPT = {  # function: what the assembly has used of the room when it calls it
    "clkhandler": PUSHAL + RETURN_ADDRESS,
    "irq_handler": PUSHAL + 2 * RETURN_ADDRESS,
    "detour_at_tick": PUSHAL + 5 * RETURN_ADDRESS,
}
LIGHT = ("resume suspend exit getprio chprio yield ready sleepms unsleep wakeup semcreate semdelete wait signaln "
         "semreset semcount receive recvclr recvtime cbsignal dreamvac kgetc").split()
LOADER = "upcreate upcreatecap upcreatelim".split()
REPORT = "stackshow stackcompare".split()
DEEP = "create kill send getmem freemem getstk freestk freepages".split()


def read(folder):
    """The frame sizes and the calls of all files."""
    sizes, calls = dict(KNOWN), {}
    for path in pathlib.Path(folder).rglob("*.ci"):
        text = path.read_text()
        for title, label in NODE.findall(text):
            size = SIZE.search(label)
            if size:
                sizes[title] = int(size.group(1))
        for source, target in EDGE.findall(text):
            calls.setdefault(source, set()).add(target)
    return sizes, calls


def constant(path, pattern):
    """A number from a source file."""
    found = re.search(pattern, (ROOT / path).read_text())
    if not found:
        sys.exit(f"stack_depth: {path} has no {pattern}")
    return int(found.group(1))


def leaves(function):
    """Whether a call of this function does not come back, or not on this stack."""
    return any(name in function for name in LEAVING)


def deepest(function, sizes, calls, path=()):
    """The bytes of the deepest path from a function's first instruction, and the path."""
    if function in path:
        sys.exit(f"stack_depth: recursion: {' -> '.join(path + (function,))}")
    best, way = 0, []
    for callee in calls.get(function, ()):
        if leaves(callee):
            continue
        below, below_way = deepest(callee, sizes, calls, path + (function,))
        if below + RETURN_ADDRESS + ARGUMENTS > best:
            best, way = below + RETURN_ADDRESS + ARGUMENTS, below_way
    return sizes.get(function, 0) + best, [function] + way


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sizes, calls = read(sys.argv[1])
    interrupt = constant("include/xinu/stackroom.h", r"#define INTERRUPT_STACK_ROOM (\d+)")
    light = constant("kernel/base/interrupt_guard.hpp", r"SystemCallGuard = BasicSystemCallGuard<(\d+)>")
    deep = constant("kernel/base/interrupt_guard.hpp", r"DeepSystemCallGuard = BasicSystemCallGuard<(\d+)>")
    # The room that clkdisp.S and entry.S want to find there.
    sizes.update({name: interrupt for name in sizes if name.endswith(LET_IN)})
    rooms = {name: (interrupt, used) for name, used in INTERRUPT.items()}
    # A guard stands behind its function's prologue: the function's own frame is not part of its room.
    rooms.update({name: (light + sizes.get(name, 0), 0) for name in LIGHT})
    rooms.update({name: (deep + sizes.get(name, 0), 0) for name in DEEP})
    loader = constant("kernel/base/interrupt_guard.hpp", r"LoaderGuard = BasicSystemCallGuard<(\d+)>")
    rooms.update({name: (loader + sizes.get(name, 0), 0) for name in LOADER})
    report = constant("kernel/base/interrupt_guard.hpp", r"ReportGuard = BasicSystemCallGuard<(\d+)>")
    rooms.update({name: (report + sizes.get(name, 0), 0) for name in REPORT})
    large = [name for name, size in sizes.items() if size >= GUARD_PAGE]
    for name in large:
        print(f"{name} has a frame of {sizes[name]} bytes: it could step over the guard page")
    failed = bool(large)
    for name, (room, used) in rooms.items():
        if name not in sizes:
            sys.exit(f"stack_depth: no function {name}; was the kernel built with -fcallgraph-info=su?")
        depth, way = deepest(name, sizes, calls)
        failed |= depth + used > room
        print(f"{name:15} {depth + used:4} of {room:4} bytes{'  TOO DEEP' if depth + used > room else ''}   {' > '.join(way)}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
