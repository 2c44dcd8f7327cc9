#!/usr/bin/env python3
"""Links an image, with a table of its function names inside.

The kernel prints names in backtraces, and only the linker knows the addresses. So we link once with an empty table,
read the addresses back, and link again with the full one. kernel.ld puts .rodata.symbols behind all code, so that no
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

LINK_FLAGS = ("-m32 -nostdlib -static -no-pie -Wl,-z,noexecstack -Wl,--build-id=none"
              " -Wl,-z,max-page-size=4096").split()
NM_LINE = re.compile(r"(?P<address>[0-9a-f]+) (?:(?P<size>[0-9a-f]+) )?(?P<kind>[tTwW]) (?P<name>.+)")
DEFINITION = re.compile(r"[0-9a-f]+ [TDBRCS] (?P<name>.+)")
BOUND = re.compile(r"(^|[_.])e?text$")
KERNEL_PREFIX = "kernel."  # of the library's names inside the kernel: see seal_kernel.py


def fail(message):
    sys.exit(f"link: {message}")


def run(command, **options):
    """Runs a tool; returns its standard output. Its own messages go to standard error."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, **options)
    if done.returncode != 0:
        sys.exit(1)
    return done.stdout


def short_name(name):
    """A demangled name without its template and call arguments: `detour::Queue<4u>::push(int)` is `detour::Queue::push`."""
    if "operator" in name:
        return name.split("(")[0]
    result, depth = "", 0
    for character in name.replace("(anonymous namespace)::", ""):
        if character in "<(":
            if character == "(" and depth == 0 and result:
                break
            depth += 1
        elif character in ">)":
            depth -= 1
        elif depth == 0:
            result += character
    words = result.split()  # a function template is demangled with its return type in front
    return words[-1] if words else name


def read_symbols(cross, elf):
    """The functions of an image: a sorted list of (address, name), one name per address.

    Where one address has several names, a function that knows its size wins over a plain label, and a global name over
    a local one. The bounds that kernel.ld sets, such as etext, are no functions.
    """
    found = {}
    for line in run([cross + "nm", "--demangle", "--print-size", elf]).splitlines():
        match = NM_LINE.match(line)
        if not match or match["name"].startswith(".L") or BOUND.search(match["name"]):
            continue
        address = int(match["address"], 16)
        rank = (match["size"] is not None, match["kind"] in "TW")
        if address not in found or rank > found[address][0]:
            found[address] = (rank, short_name(match["name"].removeprefix(KERNEL_PREFIX)))
    return [(address, found[address][1]) for address in sorted(found)]


def table_source(symbols):
    """Assembly for the table: pairs {address, offset of the name}, their number, and the names, each ended by NUL."""
    offsets, blob = {}, []
    position = 0
    for _, name in symbols:
        if name not in offsets:
            offsets[name] = position
            blob.append(name)
            position += len(name.encode()) + 1
    lines = ['.section .rodata.symbols, "a"', ".globl symbol_table, symbol_count, symbol_names", ".align 4",
             "symbol_table:"]
    lines += [f".long {address:#x}, {offsets[name]}" for address, name in symbols]
    lines += [f"symbol_count: .long {len(symbols)}", "symbol_names:"]
    lines += [f'.asciz "{name}"' for name in blob]
    lines += ['.byte 0', '.section .note.GNU-stack, "", @progbits', ""]
    return "\n".join(lines)


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


def link(options, symbols, output, folder):
    """Links all objects, the embedded programs and a table of these symbols into output."""
    table = os.path.join(folder, "symbols.o")
    run([options.cross + "as", "--32", "-o", table, "-"], input=table_source(symbols))
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
        link(options, [], first, folder)
        symbols = read_symbols(options.cross, first)
        link(options, symbols, second, folder)
        if read_symbols(options.cross, second) != symbols:
            os.unlink(second)
            fail("functions moved when the symbol table was put in: in kernel.ld, .rodata.symbols must follow all code")
        os.replace(second, options.output)  # a running emulator keeps the old file
        write_map(options.cross, options.output)


if __name__ == "__main__":
    main()
