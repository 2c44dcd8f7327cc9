#!/usr/bin/env python3
"""Links an image, with the tables about its code inside that code_tables.py describes.

The kernel prints names and lines in backtraces, and only the linker knows the addresses. So an image is linked twice:
first without the tables and the ring-3 programs, which lie after all code and so move none, and then with them and with
what was read from the first link. The kernel's code is at the same addresses in all images of one kernel: what the
tables say of it is read once per kernel (--describe-kernel). The first link takes the archives that have no debug
information, so that only the program's is read there.

Next to IMAGE.elf goes IMAGE.map, the System.map of this image: a line `address type name` for each of its symbols, the
kernel's and the program's, in the order of their addresses, as nm prints them.
"""

import argparse
import os
import pickle
import re
import subprocess
import sys

import code_tables
from code_tables import run

# The linker itself, not the compiler: two processes fewer, and an image is linked often.
LINK_FLAGS = "-m elf_i386 -nostdlib -static -z noexecstack --build-id=none -z max-page-size=4096".split()
DATA_NAMES = ("code_tables", "code_tables_end", "user_programs", "user_program_count")
SHELL_AS_MAIN = ["-u", "shell_main", "--defsym=main=shell_main"]
KERNEL_END = "kernel.own_etext"  # see kernel.ld: after the kernel's own code
WITH_LINES, BARE = (".a", "_library.a"), (".bare.a", "_library.bare.a")  # with debug information, and without
DEFINITION = re.compile(r"[0-9a-f]+ [TDBRCS] (?P<name>.+)")


def fail(message):
    sys.exit(f"link: {message}")


def tables_source(path):
    """Assembly for the tables: the bytes of this file."""
    return "\n".join(['.section .code_tables, "a"', ".globl code_tables, code_tables_end", ".align 4", "code_tables:",
                      f'.incbin "{path}"', "code_tables_end:", '.section .note.GNU-stack, "", @progbits', ""])


def programs_source(programs):
    """Assembly for the embedded ring-3 programs: words {name, first byte, number of bytes} of each, and how many
    there are.

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
    lines = run([options.cross + "gcc-nm", "--extern-only", "--defined-only", "--demangle", *files]).splitlines()
    return {match["name"] for match in map(DEFINITION.match, lines) if match}


def clash_message(names):
    """What to do about names that both the kernel and the program define; nothing if there are none."""
    if not names:
        return None
    quoted = ", ".join(f"`{name}`" for name in sorted(names))
    whose = "which is the kernel's" if len(names) == 1 else "which are the kernel's"
    return f"the program defines {quoted}, {whose}; rename yours (or make it static)"


def map_path(image):
    """The path of an image's System.map."""
    return os.path.splitext(image)[0] + ".map"


def write_map(listed, image):
    """From the list of an image's symbols, which has their sizes too."""
    with open(map_path(image), "w", encoding="utf-8") as file:
        for line in listed:
            address, *size, kind, name = re.match(r"(\S+) (?:(\S{8}) )?(\S) (.*)", line).groups()
            if kind != "a":  # a constant of an assembly file is not an address
                file.write(f"{address} {kind} {name}\n")


def address_of(name, listed):
    """The address of a symbol in this list."""
    return next(int(line.split(" ", 1)[0], 16) for line in listed if line.endswith(" " + name))


def beside_kernel(options, suffix):
    """The path of a file that belongs to the kernel's archive."""
    return os.path.splitext(options.kernel)[0] + suffix


def parts_folder(output):
    """A folder beside this file, for what it is made from. (To import tempfile takes as long as a link.)"""
    folder = os.path.splitext(output)[0] + ".parts"
    os.makedirs(folder, exist_ok=True)
    return folder


def assemble(options, output, source):
    run([options.cross + "as", "--32", "-o", output, "-"], input=source)
    return output


def link(options, output, kernel_archives, *data):
    """Links all objects and this data into output, with the kernel's archives of these two suffixes. A program that has
    commands and no main() is run by the shell."""
    archives = [beside_kernel(options, suffix) for suffix in kernel_archives]
    command = [options.cross + "ld", *LINK_FLAGS, "-T", options.script, "-o", output, "--whole-archive", *archives,
               "--no-whole-archive", *options.main, *options.objects, *options.archive, *data,
               beside_kernel(options, ".ld")]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        if re.search(r"undefined reference to [`']main'", done.stderr):
            if not options.main and any(name.startswith("xsh_") for name in defined(options, options.objects)):
                options.main = SHELL_AS_MAIN
                link(options, output, kernel_archives, *data)
                return
            fail("the program has no main(); give it `process main(void)`, or point APP at its folder")
        clash = clash_message(defined(options, archives).union(DATA_NAMES) & defined(options, options.objects))
        if clash:
            fail(clash)
        sys.stderr.write(done.stderr)
        sys.exit(1)
    if done.stderr:
        sys.stderr.write(done.stderr)


def link_without_data(options, folder, archives):
    """Links what the tables are read from; returns its path."""
    image = os.path.join(folder, "without_data")
    link(options, image, archives, *(f"--defsym={name}=0" for name in DATA_NAMES))
    return image


def describe_kernel(options, folder):
    """Writes what the tables say of the kernel's code, from an image with a program that does nothing."""
    options.objects = [assemble(options, os.path.join(folder, "main.o"), ".globl main\nmain: ret\n")]
    image = link_without_data(options, folder, WITH_LINES)
    listed = code_tables.list_symbols(options.cross, image)
    tables = code_tables.read(options.cross, image, listed).below(address_of(KERNEL_END, listed))
    with open(beside_kernel(options, ".tables"), "wb") as file:
        pickle.dump(code_tables.Packer(tables), file, pickle.HIGHEST_PROTOCOL)


def check_replaced(options, names):
    """These functions of the kernel are weak, and others have taken their places: those of an archive, which may."""
    clash = names and clash_message(names & defined(options, options.objects))
    if clash:
        fail(clash)


def make_tables(options, folder):
    """The tables about all code of the image, as bytes."""
    kernel_tables = beside_kernel(options, ".tables")
    with open(kernel_tables, "rb") as file:
        packer = pickle.load(file)
    image = link_without_data(options, folder, BARE)
    listed = code_tables.list_symbols(options.cross, image)
    end = address_of(KERNEL_END, listed)
    symbols = {entry for entry in code_tables.read_symbols(listed) if entry[0] < end}
    if not symbols.issubset(packer.symbols):
        fail(f"{kernel_tables} is not about the kernel of this image")
    check_replaced(options, {name for address, name in packer.symbols if (address, name) not in symbols})
    packer.add(code_tables.read(options.cross, image, listed).since(end))
    os.remove(image)
    return packer.pack()


def link_image(options, folder):
    content = os.path.join(folder, "tables")
    with open(content, "wb") as file:
        file.write(make_tables(options, folder))
    source = tables_source(content) + programs_source(options.program)
    data = assemble(options, os.path.join(folder, "data.o"), source)
    image = options.output + ".new"
    link(options, image, WITH_LINES, data)
    os.replace(image, options.output)  # a running emulator keeps the old file
    write_map(code_tables.list_symbols(options.cross, options.output), options.output)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cross", required=True, help="prefix of the cross tools, such as i686-linux-gnu-")
    parser.add_argument("--script", required=True, help="the linker script")
    parser.add_argument("--kernel", required=True, metavar="KERNEL.a",
                        help="the kernel's archive, sealed; beside it lie KERNEL_library.a, copies of both "
                             "named .bare.a, KERNEL.ld and KERNEL.tables")
    parser.add_argument("--describe-kernel", action="store_true",
                        help="only write KERNEL.tables: what the tables of all images say of the kernel's code")
    parser.add_argument("--archive", action="append", default=[], metavar="ARCHIVE.a",
                        help="what the image takes out of, if its program calls it")
    parser.add_argument("--output")
    parser.add_argument("--program", action="append", default=[], metavar="NAME=PATH",
                        type=lambda word: word.split("=", 1),
                        help="embed this ring-3 program")
    parser.add_argument("objects", nargs="*")
    options = parser.parse_args()
    options.main = []

    if options.describe_kernel:
        describe_kernel(options, parts_folder(beside_kernel(options, ".tables")))
    else:
        link_image(options, parts_folder(options.output))


if __name__ == "__main__":
    main()
