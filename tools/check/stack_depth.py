#!/usr/bin/env python3
"""Computes how much of a process's stack the kernel needs, and compares it with what the kernel checks for.

An interrupt or a system call works on the stack of the process. Before it changes anything it checks that there is
room: clkdisp.S and entry.S for INTERRUPT_STACK_ROOM bytes, a system call for those of its guard
(kernel/base/interrupt_guard.hpp). A system call of ring 3 begins on an empty kernel stack. GCC writes the frame sizes
and the calls of every file (-fcallgraph-info=su); the deepest path must fit. Which function has which guard is read
from its code: the offset in the instruction of require_stack(). And since the kernel's frames are not touched as they
are made, as those of programs are, none may be as large as a guard page.

Usage: stack_depth.py TREE     the kernel's build tree
"""

import pathlib
import re
import subprocess
import sys

NODE = re.compile(r'node: \{ title: "([^"]+)" label: "([^"]*)"')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')
SIZE = re.compile(r"(\d+) bytes \((static|dynamic,bounded)\)")
CROSS = re.compile(r"^DETOUR_CROSS:\w+=(.*)$", re.MULTILINE)
FUNCTION = re.compile(r"^[0-9a-f]+ <(.+)>:$")
MEMBER = re.compile(r"^(\S+): +file format ")
CHECK = re.compile(r"\ttest +%eax,-0x([0-9a-f]+)\(%esp\)$")
HANDLER = re.compile(r"^_ZN6detour5ring3\d+handle_")

RETURN_ADDRESS = 4
GUARD_PAGE = 4096
ARGUMENTS = 12  # pushed for a call, and in no frame size: three words, the most that deep calls have here

# Assembly: what it pushes.
KNOWN = {"ctxsw": 40}

# Here interrupts can arrive in the middle of a system call: let_interrupts_in() of kernel/base/interrupt_guard.hpp.
LET_IN = "_ZN6detour17let_interrupts_inEb"

# Functions that enable interrupts and return: they can come anywhere in the rest of the caller.
TAKING = ("_ZN6detour15take_interruptsEv", "_ZN6detour11print_endedEPKcz")

# Paths that leave the stack, or end in a panic, which does not return; and what no report of the kernel prints.
LEAVING = ("put_float", "abandon_stack", "assertion_failed", "kernel_panic", "all_processes_completed", "panic",
           "__indirect_call")

ROOT = pathlib.Path(__file__).resolve().parents[2]
PUSHAL = 32
SEGMENTS = 2 * 4
INTERRUPT = {  # function: what the assembly has used of the room when it has called it; T6 of tools/prove has the same
    "clkhandler": PUSHAL + RETURN_ADDRESS,
    "irq_handler": PUSHAL + SEGMENTS + 4 + RETURN_ADDRESS,
    "detour_at_tick": PUSHAL + 8 + 8 + RETURN_ADDRESS,
    "pit_restart_jittered": PUSHAL + SEGMENTS + RETURN_ADDRESS,
}


def cross_prefix(tree):
    """The prefix of the cross tools that the tree was configured with."""
    return CROSS.search((tree / "CMakeCache.txt").read_text())[1]


def guards(tree):
    """The room that each function's guard asks for, by the function's name."""
    rooms = {}
    for archive in ("libdetour_kernel.a", "libdetour_kernel_library.a"):
        code = subprocess.run([cross_prefix(tree) + "objdump", "-dr", "--no-show-raw-insn", tree / archive],
                              stdout=subprocess.PIPE, text=True,
                              check=True).stdout
        function = member = None
        for line in code.splitlines():
            if match := MEMBER.match(line):
                member = match[1]
            elif member and member.endswith(".S.obj"):
                continue  # an interrupt's check, see rooms_of_functions()
            elif match := FUNCTION.match(line):
                function = match[1]
            elif match := CHECK.search(line):
                rooms[function] = int(match[1], 16)
    return rooms


def read(tree):
    """The frame sizes and the calls of all files of the kernel."""
    sizes, calls = dict(KNOWN), {}
    for folder in ("kernel.dir", "kernel_library.dir"):
        for path in (tree / "CMakeFiles" / folder).rglob("*.ci"):
            text = path.read_text()
            for title, label in NODE.findall(text):
                size = SIZE.search(label)
                if size:
                    sizes[title] = int(size[1])
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
    """Whether a call of this function does not return, or not on this stack."""
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
    if any(callee.endswith(TAKING) for callee in calls.get(function, ())):
        best, way = best + sizes["interrupt"], way + ["interrupt"]
    return sizes.get(function, 0) + best, [function] + way


def rooms_of_functions(tree, sizes):
    """Of each function that the stack is checked for: the room, and what of it is used when the function begins."""
    interrupt = constant("include/xinu/stackroom.h", r"#define INTERRUPT_STACK_ROOM (\d+)")
    kernel_stack = 4096 * constant("kernel/user/load.cpp", r"kKernelStackBytes = (\d+) \* kPageBytes")
    user_frame = constant("arch/x86/entry/frames.h", r"#define USER_FRAME_BYTES (\d+)")
    sizes.update({name: interrupt for name in sizes if name.endswith(LET_IN)})
    sizes["interrupt"] = interrupt
    rooms = {name: (interrupt, used) for name, used in INTERRUPT.items()}
    # A guard stands behind its function's prologue: the function's own frame is not part of its room.
    for name, room in guards(tree).items():
        titles = [title for title in sizes if title.rpartition(":")[2] == name]  # of a static function: FILE:NAME
        if not titles:
            sys.exit(f"stack_depth: no function {name}; was the kernel built with -fcallgraph-info=su?")
        rooms.update({title: (room + sizes[title], 0) for title in titles})
    rooms.update({name: (kernel_stack, user_frame) for name in sizes if HANDLER.match(name)})
    return rooms


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    tree = pathlib.Path(sys.argv[1])
    sizes, calls = read(tree)
    rooms = rooms_of_functions(tree, sizes)
    large = [name for name, size in sizes.items() if size >= GUARD_PAGE]
    for name in large:
        print(f"{name} has a frame of {sizes[name]} bytes: it could step over the guard page")
    failed, lines = bool(large), []
    for name, (room, used) in sorted(rooms.items()):
        depth, way = deepest(name, sizes, calls)
        failed |= depth + used > room
        names = [each.rpartition(":")[2] for each in (name, *way)]
        verdict = "  TOO DEEP" if depth + used > room else ""
        lines.append(f"{names[0]:15} {depth + used:4} of {room:4} bytes{verdict}   {' > '.join(names[1:])}")
    readable = subprocess.run([cross_prefix(tree) + "c++filt", "--no-params"], input="\n".join(lines),
                              stdout=subprocess.PIPE,
                              text=True, check=True).stdout
    print(readable)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
