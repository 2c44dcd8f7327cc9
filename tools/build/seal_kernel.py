#!/usr/bin/env python3
"""Lets a program define names of the C library that the kernel uses too: its own strcpy, atoi, printf.

The kernel must keep using its own. So in copies of its two archives the library functions get the prefix `kernel.`,
where they are defined and where they are called; and next to them is a linker script that gives the program each of
them under its plain name, unless the program defines that name. The symbols that kernel.ld defines have the prefix
there already, and are treated alike.

The linker script also names libgcc, which only the compiler finds. A copy has one member, in which the objects are
linked together: most of what the linker does is then done once and not for each image. Of each copy there is another
without debug information, ARCHIVE.bare.a: see link_image.py.
"""

import argparse
import os
import re
import tempfile

from code_tables import run

PREFIX = "kernel."
BOUND = re.compile(r"^\s*kernel\.(\w+) = ", re.MULTILINE)
NM_LINE = re.compile(r"(?P<name>\w+) [TDBR] ")


def c_names(symbols):
    """The names of C, not C++, among what nm says of an archive."""
    found = filter(None, map(NM_LINE.match, symbols.splitlines()))
    return sorted(match["name"] for match in found if not match["name"].startswith("_Z"))


def seal(cross, archive, renames, sealed):
    """Makes the two copies of an archive, of which `sealed` is the path of the first, with these symbols renamed."""
    bare = os.path.splitext(sealed)[0] + ".bare.a"
    with tempfile.TemporaryDirectory() as folder:
        member = os.path.join(folder, os.path.basename(os.path.splitext(sealed)[0]) + ".o")
        run([cross + "ld", "-m", "elf_i386", "-r", "-o", member, "--whole-archive", archive])
        for copy, change in ((sealed, f"--redefine-syms={renames}"), (bare, "--strip-debug")):
            run([cross + "objcopy", change, member])
            if os.path.exists(copy):
                os.remove(copy)
            run([cross + "gcc-ar", "qcs", copy, member])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cross", required=True, help="prefix of the cross tools, such as i686-linux-gnu-")
    parser.add_argument("--script", required=True, help="kernel.ld")
    parser.add_argument("kernel", help="the kernel's archive as it was compiled")
    parser.add_argument("library", help="that of its library")
    parser.add_argument("sealed", help="the folder for the copies, and for KERNEL.ld, the linker script")
    options = parser.parse_args()

    with open(options.script, encoding="utf-8") as file:
        bounds = BOUND.findall(file.read())
    symbols = run([options.cross + "gcc-nm", "--extern-only", "--defined-only", "--format=posix", options.library])
    libgcc = run([options.cross + "gcc", "-m32", "-print-libgcc-file-name"]).strip()
    names = c_names(symbols) + bounds
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as renames:
        renames.writelines(f"{name} {PREFIX}{name}\n" for name in names)
        renames.flush()
        for archive in (options.kernel, options.library):
            seal(options.cross, archive, renames.name, os.path.join(options.sealed, os.path.basename(archive)))
    script = os.path.splitext(os.path.basename(options.kernel))[0] + ".ld"
    with open(os.path.join(options.sealed, script), "w", encoding="utf-8") as file:
        file.writelines(f"PROVIDE({name} = {PREFIX}{name});\n" for name in names)
        file.write(f'INPUT("{libgcc}")\n')


if __name__ == "__main__":
    main()
