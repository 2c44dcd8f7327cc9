#!/usr/bin/env python3
"""Lets a program define names of the C library that the kernel uses too: its own strcpy, atoi, printf.

The kernel must go on to use its own. So in a copy of its archive the library functions get the prefix `kernel.`, where
they are defined and where they are called; and beside it stands a linker script that gives the program each of them
under its plain name, unless the program defines that name. The symbols that kernel.ld defines have the prefix there
already, and are treated alike. Which functions are the library's says kernel.ld: those from library_text on.
"""

import argparse
import fnmatch
import os
import re
import subprocess
import tempfile

PREFIX = "kernel."
LIBRARY = re.compile(r"library_text = \.;(.*?)library_etext = \.;", re.DOTALL)
MEMBER = re.compile(r"\.a:([^(\s]+)\(")
BOUND = re.compile(r"^\s*kernel\.(\w+) = ", re.MULTILINE)
NM_LINE = re.compile(r".*\[(?P<member>[^\]]+)\]: (?P<name>\S+) [TDBR] ")


def library_functions(symbols, script):
    """The C names that the library's members define; symbols: what nm says of the archive."""
    patterns = MEMBER.findall(LIBRARY.search(script)[1])
    found = [match for match in map(NM_LINE.match, symbols.splitlines()) if match]
    return sorted(match["name"] for match in found if not match["name"].startswith("_Z")
                  and any(fnmatch.fnmatch(match["member"], pattern) for pattern in patterns))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cross", required=True, help="prefix of the cross tools, such as i686-linux-gnu-")
    parser.add_argument("--script", required=True, help="kernel.ld")
    parser.add_argument("archive", help="the kernel as it was compiled")
    parser.add_argument("sealed", help="the copy to make; the linker script stands beside it, with the suffix .ld")
    options = parser.parse_args()

    with open(options.script, encoding="utf-8") as file:
        script = file.read()
    symbols = subprocess.run([options.cross + "nm", "-A", "--extern-only", "--defined-only", "--format=posix",
                              options.archive], stdout=subprocess.PIPE, text=True, check=True).stdout
    names = library_functions(symbols, script) + BOUND.findall(script)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as renames:
        renames.writelines(f"{name} {PREFIX}{name}\n" for name in names)
        renames.flush()
        subprocess.run([options.cross + "objcopy", f"--redefine-syms={renames.name}", options.archive, options.sealed],
                       check=True)
    with open(os.path.splitext(options.sealed)[0] + ".ld", "w", encoding="utf-8") as file:
        file.writelines(f"PROVIDE({name} = {PREFIX}{name});\n" for name in names)


if __name__ == "__main__":
    main()
