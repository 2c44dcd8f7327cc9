#!/usr/bin/env python3
"""Links a ring-3 program with the user library, and makes the copy without debug information that images embed.

A call that ring 3 does not have is an undefined name to the linker; the message says so in the terms of the source.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

import link_image

LINK_FLAGS = [*link_image.LINK_FLAGS, "-Wl,--gc-sections"]
UNDEFINED = re.compile(r"undefined reference to [`']([^'`]+)'")


def explain(messages):
    """What the linker's messages mean: one line for each name that is missing; None if they are about something else."""
    names = list(dict.fromkeys(UNDEFINED.findall(messages)))
    if not names:
        return None
    if names == ["main"]:
        return ["the program has no main(); give it `process main(void)`, or point APP at its folder"]
    return [f"ring 3 has no {name if '(' in name else name + '()'}; see include/xinu/systemcalls.h" for name in names]


def readable_names(cross, elf):
    """Pairs (name, readable name) of the functions that C++ has given others: no two of them with the same second name."""
    def names(*flags):
        lines = link_image.run([cross + "nm", "--no-sort", "--defined-only", *flags, elf]).splitlines()
        return [line.split(" ", 2)[2] for line in lines]

    pairs = {}
    for mangled, demangled in zip(names(), names("--demangle")):
        if mangled != demangled:
            pairs.setdefault(link_image.short_name(demangled), mangled)
    return [(mangled, readable) for readable, mangled in pairs.items()]


def embeddable(options, folder):
    """Makes the copy for images: without debug information, and with the names that a backtrace is to show."""
    names = os.path.join(folder, "names")
    with open(names, "w", encoding="utf-8") as file:
        file.writelines(f"{mangled} {readable}\n" for mangled, readable in readable_names(options.cross, options.output))
    link_image.run([options.cross + "objcopy", "--strip-debug", f"--redefine-syms={names}", options.output,
                    options.embedded])


def link(options, folder):
    script = os.path.join(folder, "user.ld")
    link_image.run([options.cross + "gcc", "-E", "-P", "-x", "c", "-undef", "-D__ASSEMBLER__", "-I", options.include,
                    "-o", script, options.script])
    command = [options.cross + "g++", *LINK_FLAGS, "-T", script, "-o", options.output + ".new", *options.objects, "-lgcc"]
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
    parser.add_argument("--script", required=True, help="the linker script, before the preprocessor")
    parser.add_argument("--include", required=True, help="the folder of its headers")
    parser.add_argument("--output", required=True, help="the program with debug information")
    parser.add_argument("--embedded", required=True, help="the same without it")
    parser.add_argument("objects", nargs="+", help="those of the program, and the user library's")
    options = parser.parse_args()

    os.makedirs(os.path.dirname(os.path.abspath(options.output)), exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        link(options, folder)
        os.replace(options.output + ".new", options.output)
        embeddable(options, folder)


if __name__ == "__main__":
    main()
