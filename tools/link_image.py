#!/usr/bin/env python3
"""Links an image, with the tables about its code inside that code_tables.py describes.

The kernel prints names and lines in backtraces, and only the linker knows the addresses. So we link once without tables,
read the addresses back, and link again with them. kernel.ld puts .rodata.symbols behind all code, so that no
function moves between the two links; that is verified at the end.

Beside IMAGE.elf goes IMAGE.map, the System.map of this image: a line `address type name` for each of its symbols, the
kernel's and the program's, in the order of their addresses, as nm prints them.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

import code_tables
from code_tables import run

LINK_FLAGS = ("-m32 -nostdlib -static -no-pie -Wl,-z,noexecstack -Wl,--build-id=none"
              " -Wl,-z,max-page-size=4096").split()
DEFINITION = re.compile(r"[0-9a-f]+ [TDBRCS] (?P<name>.+)")


def fail(message):
    sys.exit(f"link: {message}")


def tables_source(path):
    """Assembly for the tables in this file; None: for the space that they will need, which is unknown yet."""
    return "\n".join(['.section .rodata.symbols, "a"', ".globl code_tables, code_tables_end", ".align 4", "code_tables:",
                      f'.incbin "{path}"' if path else "", "code_tables_end:",
                      '.section .note.GNU-stack, "", @progbits', ""])


def programs_source(programs):
    """Assembly for the embedded ring-3 programs: words {name, first byte, number of bytes} of each, and how many there are.

    programs: a list of (name, path).
    """
    lines = ['.section .rodata.programs, "a"', ".globl user_programs, user_program_count", ".align 4", "user_programs:"]
    lines += [f".long name_{i}, program_{i}, program_{i}_end - program_{i}" for i in range(len(programs))]
    lines += [f"user_program_count: .long {len(programs)}"]
    for i, (name, path) in enumerate(programs):
        lines += [f'name_{i}: .asciz "{name}"', ".align 4", f'program_{i}: .incbin "{path}"', f"program_{i}_end:"]
    lines += ['.section .note.GNU-stack, "", @progbits', ""]
    return "\n".join(lines)


def defined(options, files):
    """The names that these files define for all others."""
    lines = run([options.cross + "nm", "--extern-only", "--defined-only", "--demangle", *files]).splitlines()
    return {match["name"] for match in map(DEFINITION.match, lines) if match}


def clash_message(names):
    """What to do about names that both the kernel and the program define; nothing if there are none."""
    if not names:
        return None
    quoted = ", ".join(f"`{name}`" for name in sorted(names))
    whose = "which is the kernel's" if len(names) == 1 else "which are the kernel's"
    return f"the program defines {quoted}, {whose}; rename yours (or make it static)"


def map_path(image):
    """Where the System.map of an image lies."""
    return os.path.splitext(image)[0] + ".map"


def write_map(cross, image):
    with open(map_path(image), "w", encoding="utf-8") as file:
        for line in run([cross + "nm", "--numeric-sort", "--defined-only", "--demangle", image]).splitlines(keepends=True):
            if line.split(" ", 2)[1] != "a":  # a constant of an assembly file is no address
                file.write(line)


def link(options, tables, output, folder):
    """Links all objects, the embedded programs and the tables in this file (None: no tables) into output."""
    table = os.path.join(folder, "tables.o")
    run([options.cross + "as", "--32", "-o", table, "-"], input=tables_source(tables))
    programs = os.path.join(folder, "programs.o")
    run([options.cross + "as", "--32", "-o", programs, "-"], input=programs_source(options.program))
    plain_names = os.path.splitext(options.kernel)[0] + ".ld"
    command = [options.cross + "g++", *LINK_FLAGS, "-T", options.script, "-o", output, "-Wl,--whole-archive",
               options.kernel, "-Wl,--no-whole-archive", *options.objects, programs, table, plain_names, "-lgcc"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        if re.search(r"undefined reference to [`']main'", done.stderr):
            fail("the program has no main(); give it `process main(void)`, or point APP at its folder")
        clash = clash_message(defined(options, [options.kernel, table]) & defined(options, options.objects))
        if clash:
            fail(clash)
        sys.stderr.write(done.stderr)
        sys.exit(1)
    if done.stderr:
        sys.stderr.write(done.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cross", required=True, help="prefix of the cross tools, such as i686-linux-gnu-")
    parser.add_argument("--script", required=True, help="the linker script")
    parser.add_argument("--kernel", required=True, help="the archive with all of the kernel's objects, sealed")
    parser.add_argument("--output", required=True)
    parser.add_argument("--program", action="append", default=[], metavar="NAME=PATH", type=lambda word: word.split("=", 1),
                        help="embed this ring-3 program")
    parser.add_argument("objects", nargs="+")
    options = parser.parse_args()

    os.makedirs(os.path.dirname(os.path.abspath(options.output)), exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        first = os.path.join(folder, "first.elf")
        second = options.output + ".new"
        link(options, None, first, folder)
        tables = os.path.join(folder, "tables")
        with open(tables, "wb") as file:
            file.write(code_tables.tables(options.cross, first))
        link(options, tables, second, folder)
        if code_tables.read_symbols(options.cross, second) != code_tables.read_symbols(options.cross, first):
            os.unlink(second)
            fail("functions moved when the tables were put in: in kernel.ld, .rodata.symbols must follow all code")
        os.replace(second, options.output)  # a running emulator keeps the old file
        write_map(options.cross, options.output)


if __name__ == "__main__":
    main()
