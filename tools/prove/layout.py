"""Numbers of the project's own headers, by their names: one definition for assembly, C++ and the proofs."""

import os
import re

from machine_code import ROOT

HEADERS = ("arch/x86/entry/frames.h", "kernel/base/claimed.h", "include/xinu/saved_stack.h",
           "include/xinu/stackroom.h", "include/xinu/systemcalls.h", "include/xinu/states.h", "arch/x86/entry/pic.h")
DEFINE = re.compile(r"^#define (\w+) (0[xX][0-9A-Fa-f]+|[0-9]+)\b", re.MULTILINE)


def numbers():
    found = {}
    for header in HEADERS:
        with open(os.path.join(ROOT, header), encoding="utf-8") as file:
            found.update((name, int(value, 0)) for name, value in DEFINE.findall(file.read()))
    return found


NUMBERS = numbers()


def __getattr__(name):
    try:
        return NUMBERS[name]
    except KeyError:
        raise AttributeError(f"none of {', '.join(HEADERS)} defines {name} as a number") from None
