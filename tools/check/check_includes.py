#!/usr/bin/env python3
"""Checks that calls run downwards only: apps/shell/user -> system -> kernel -> the contract kernel/base/arch.hpp.

Usage: check_includes.py [ROOT]. Prints each include that runs upwards; exit code 1 if there is one.
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
SOURCES = {".c", ".cpp", ".cc", ".h", ".hpp", ".S"}
ROOMS = ("arch", "kernel", "system", "shell", "user", "apps", "tests", "tools")

# What a room may include from other rooms; "face" is include/xinu/, "umbrella" is <xinu.h>. include/ is the room of both.
ALLOWED = {
    "include": {"face", "umbrella"},
    "kernel": {"kernel", "face"},
    "arch": {"arch", "kernel", "face"},
    "system": {"system", "kernel", "include", "face", "umbrella"},
    "shell": {"shell", "system", "face", "umbrella"},
    "user": {"user", "face", "umbrella"},
    "apps": {"apps", "face", "umbrella"},
}

# The contract takes the inline instructions from the machine, or from the fake one of the host tests.
CONTRACT, BELOW_CONTRACT = "kernel/base/arch.hpp", {"arch", "tests"}

# The library of ring 3 is compiled with the kernel's printf engine.
SHARED_WITH_USER = {"kernel/text/format.hpp"}

# The C library of course code: a kernel file has no business with it.
LIBC = {"assert.h", "ctype.h", "errno.h", "math.h", "setjmp.h", "signal.h", "stdio.h", "stdlib.h", "string.h",
        "strings.h", "time.h", "unistd.h"}
MAY_USE_LIBC = {"include", "system", "shell", "user", "apps"}


def room_of(name, file, root):
    """The room that an #include in this file reaches, or None if it is the compiler's own header."""
    if name == "xinu.h":
        return "umbrella"
    if name.startswith("xinu/"):
        return "face"
    if name.startswith("include/"):
        return "include"
    first = name.split("/")[0]
    if "/" in name and first in ROOMS:
        return first
    if name in LIBC:
        return "libc"
    neighbour = (file.parent / name).resolve()
    if neighbour.is_file() and root in neighbour.parents:
        return neighbour.relative_to(root).parts[0]
    return None


def violations(root):
    """Lines that tell what is wrong, one for each include that runs upwards."""
    root = pathlib.Path(root).resolve()
    found = []
    for room, allowed in ALLOWED.items():
        for file in sorted((root / room).rglob("*")):
            if file.suffix not in SOURCES:
                continue
            text = file.read_text(encoding="utf-8", errors="replace")
            for match in INCLUDE.finditer(text):
                target = room_of(match.group(2), file, root)
                if target is None or target == room or target in allowed:
                    continue
                if target == "libc" and room in MAY_USE_LIBC:
                    continue
                if str(file.relative_to(root)) == CONTRACT and target in BELOW_CONTRACT:
                    continue
                if room == "user" and match.group(2) in SHARED_WITH_USER:
                    continue
                line = text.count("\n", 0, match.start(1)) + 1
                found.append(f"{file.relative_to(root)}:{line}: {room}/ must not include {match.group(2)} ({target})")
    return found


def main(arguments):
    found = violations(arguments[0] if arguments else ".")
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
