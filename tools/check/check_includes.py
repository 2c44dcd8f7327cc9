#!/usr/bin/env python3
"""Checks that includes lead downwards only, and never in a circle.

Each tuple of folders below is a stack of layers, the lowest first: a file includes only its own folder and those
further down. At the bottom are the public headers, include/xinu/. kernel/base/arch.hpp is the contract between the
kernel and the machine, arch/x86, and all that they share, but for the machine's ways up, which are named here.

Usage: check_includes.py [ROOT]. Prints each include that leads upwards, and each circle of units (a .cpp with its
.hpp); exit code 1 if there is one.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
SOURCES = {".c", ".cpp", ".cc", ".h", ".hpp", ".S", ".inc"}

KERNEL = ("include/xinu", "kernel/text", "system/lib", "kernel/base", "kernel/memory", "kernel/image", "kernel/unwind",
          "kernel/sched", "kernel/detour", "kernel/process", "kernel/user", "kernel/device", "kernel/fs",
          "kernel/report", "system/devices", "system", "system/ring3")
MACHINE = ("arch/x86/include", "arch/x86/entry", "arch/x86/cpu", "arch/x86/device", "arch/x86/fault", "arch/x86/boot")
RING3 = ("include", "user/lib", "user/include", "user/programs", "user")
PROGRAMS = ("include", "apps")

STACKS = (KERNEL, MACHINE, RING3, PROGRAMS)

# What the machine includes of the kernel: the contract, the ranges of memory that it hands over, and what its drivers
# decode without their registers, which the host tests reach there. Only what ends up in the kernel's own work, a fault
# or a device's interrupt, includes everything: the machine's ways up.
INSTRUCTIONS = "arch/x86/include/machine/instructions.hpp"
FOR_THE_MACHINE = ("kernel/base", "kernel/memory/memory_ranges.hpp", "kernel/device/scan_codes.hpp",
                   "kernel/device/text_screen.hpp")
WAYS_UP = ("arch/x86/fault/", "arch/x86/device/irq.cpp")

# The contract takes the inline instructions from the machine; the host tests have a header of that name, too. The
# library of ring 3 is compiled with the kernel's printf. What a process may call knows <xinu.h>.
ALSO = {
    "kernel/base/arch.hpp": (INSTRUCTIONS,),
    INSTRUCTIONS: ("arch/x86/entry",),
    "system/": ("include",),
    "user/lib/": ("kernel/text",),
}

# The C library of course code: the kernel has no business with it.
LIBC = {"assert.h", "ctype.h", "errno.h", "math.h", "setjmp.h", "signal.h", "stdio.h", "stdlib.h", "string.h",
        "strings.h", "time.h", "unistd.h"}


def folder_of(path, folders):
    """The innermost of these folders in which a path lies, or None."""
    inside = [folder for folder in folders if path.startswith(folder + "/") or path == folder]
    return max(inside, key=len, default=None)


def below(path):
    """The folders and files that a file may include."""
    for folders in STACKS:
        folder = folder_of(path, folders)
        if folder is None:
            continue
        allowed = ["include/xinu", *folders[:folders.index(folder) + 1]]
        if folders is MACHINE:
            allowed += KERNEL[:KERNEL.index("system")] if path.startswith(WAYS_UP) else FOR_THE_MACHINE
        for place, more in ALSO.items():
            if path.startswith(place):
                allowed += more
        return allowed
    return None


def target_of(name, file, root):
    """The path that an #include in this file reaches; None if it is the compiler's own header."""
    if name in LIBC:
        return "include/libc/" + name
    for folder in (root, root / "include", root / "arch/x86/include", file.parent):
        path = (folder / name).resolve()
        if path.is_file() and root in path.parents:
            return str(path.relative_to(root))
    return name if "/" in name and name.split("/")[0] in ("arch", "kernel", "system", "user", "apps", "tests") else None


def is_allowed(target, allowed):
    """A file, or a folder without what lies deeper in folders of their own."""
    return target in allowed or folder_of(target, sum(STACKS, ())) in allowed


def includes(root):
    """(file, line, name, target) of each include of a file in one of the folders."""
    for top in ("include", "kernel", "arch", "system", "user", "apps"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in SOURCES:
                continue
            text = file.read_text(encoding="utf-8", errors="replace")
            for match in INCLUDE.finditer(text):
                target = target_of(match[2], file, root)
                if target is not None:
                    yield str(file.relative_to(root)), text.count("\n", 0, match.start(1)) + 1, match[2], target


def circles(units):
    """Each circle among units, as a list that begins and ends with the same; units: of each, those that it includes."""
    done, found = set(), []

    def visit(unit, path):
        if unit in path:
            found.append(path[path.index(unit):] + [unit])
        elif unit not in done:
            for other in sorted(units.get(unit, ())):
                visit(other, path + [unit])
            done.add(unit)

    for unit in sorted(units):
        visit(unit, [])
    return found


def violations(root):
    """Lines that tell what is wrong."""
    root = pathlib.Path(root).resolve()
    found, units = [], {}
    for path, line, name, target in includes(root):
        allowed = below(path)
        if allowed is None:
            found.append(f"{path}:{line}: in none of the folders of tools/check/check_includes.py")
        elif not is_allowed(target, allowed):
            found.append(f"{path}:{line}: must not include {name}: it is further up")
        unit, other = (str(pathlib.PurePath(each).with_suffix("")) for each in (path, target))
        if unit != other and target != INSTRUCTIONS:
            units.setdefault(unit, set()).add(other)
    return found + [f"circle: {' -> '.join(circle)}" for circle in circles(units)]


def main(arguments):
    found = violations(arguments[0] if arguments else ".")
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
