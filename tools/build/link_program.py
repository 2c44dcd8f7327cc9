#!/usr/bin/env python3
"""Links a ring-3 program with the user library: once for debuggers, and once for images.

For debuggers it has debug information and the return page, for images only what the loader needs. Both have the tables
about their code that code_tables.py describes.

A call that ring 3 does not have is an undefined name to the linker; the message says so in the terms of the source.
"""

import argparse
import os
import re
import subprocess
import sys

import code_tables
import link_image

LINK_FLAGS = [*link_image.LINK_FLAGS, "--gc-sections"]
SECTION = ".code_tables"
UNDEFINED = re.compile(r"undefined reference to [`']([^'`]+)'")


def explain(messages):
    """What the linker's messages mean: one line for each missing name; None if they are about something else."""
    names = list(dict.fromkeys(UNDEFINED.findall(messages)))
    if not names:
        return None
    if names == ["main"]:
        return ["the program has no main(); give it `process main(void)`, or point APP at its folder"]
    return [f"ring 3 has no {name if '(' in name else name + '()'}; see include/xinu/systemcalls.h" for name in names]


def write_tables(options, elf, folder):
    """Adds the tables about the program's code to it. Returns an object with these tables, for the copy in images."""
    tables = os.path.join(folder, "tables")
    with open(tables, "wb") as file:
        file.write(code_tables.read(options.cross, elf, code_tables.list_symbols(options.cross, elf)).pack())
    code_tables.run([options.cross + "objcopy", f"--add-section={SECTION}={tables}",
                     f"--set-section-alignment={SECTION}=4", elf])
    source = (f'.section {SECTION}, "", @progbits\n.balign 4\n.incbin "{tables}"\n'
              '.section .note.GNU-stack, "", @progbits\n')
    return link_image.assemble(options, os.path.join(folder, "tables.o"), source)


def link(options, output, *more):
    command = [options.cross + "ld", *LINK_FLAGS, "-T", options.script, "-o", output, *options.objects, *more]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        lines = explain(done.stderr)
        if lines:
            sys.exit("\n".join("link: " + line for line in lines))
    sys.stderr.write(done.stderr)
    if done.returncode != 0:
        sys.exit(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cross", required=True, help="prefix of the cross tools, such as i686-linux-gnu-")
    parser.add_argument("--script", required=True, help="the linker script")
    parser.add_argument("--output", required=True, help="the program with debug information")
    parser.add_argument("--embedded", required=True, help="the same without it")
    parser.add_argument("--page", required=True, help="the object with the return page, for debuggers only")
    parser.add_argument("objects", nargs="+", help="those of the program, the user library's, and libgcc.a")
    options = parser.parse_args()

    elf = options.output + ".new"
    folder = link_image.parts_folder(options.output)
    link(options, elf, options.page)
    tables = write_tables(options, elf, folder)
    link(options, options.embedded, tables, "--strip-all")
    os.replace(elf, options.output)


if __name__ == "__main__":
    main()
