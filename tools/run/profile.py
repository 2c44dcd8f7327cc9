#!/usr/bin/env python3
"""Where a run of an image spends its instructions, by function and by line of the source.

    make profile                  of the whole run of APP (default: apps/bench)
    make profile OF=yield         of one call of this kernel function, from its first instruction until the program
                                  goes on: so also what other functions and processes execute in between
    make profile OF=switch        the same of yield
    make profile OF=tick          the same of clkdisp, for a clock interrupt that changes nothing

A function goes different ways. The first line tells how often which occurred; the most frequent one is shown, and of a
tick the shortest. The counts are exact; a
plugin in QEMU (profile_plugin.c) sees every instruction. Lines of inlined functions count for the function into which
they were inlined.
"""

import argparse
import bisect
import collections
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import emulator

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "build"))
import code_tables  # noqa: E402

PLUGIN = ROOT / "tools" / "run" / "profile_plugin.c"
LIBRARY = ROOT / "build" / "profile_plugin.so"
ALIASES = {"switch": "yield", "tick": "clkdisp"}
MOST_WAYS = 6
MOST_FUNCTIONS, MOST_LINES = 25, 15
USAGE = 64


def fail(message, status=1):
    print(f"profile: {message}", file=sys.stderr)
    sys.exit(status)


def plugin_api():
    """The oldest version of QEMU's plugin interface that this QEMU still takes."""
    return 1 if emulator.qemu_version() < 9 else 2 if emulator.qemu_version() < 10 else 4


def compile_plugin():
    if LIBRARY.exists() and LIBRARY.stat().st_mtime > PLUGIN.stat().st_mtime:
        return
    compiler = shutil.which("cc") or shutil.which("gcc") or fail("there is no C compiler (cc) for QEMU's plugin")
    LIBRARY.parent.mkdir(exist_ok=True)
    command = [compiler, "-O2", "-shared", "-fPIC", f"-DAPI={plugin_api()}", PLUGIN, "-o", f"{LIBRARY}.new"]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        fail(f"{PLUGIN.name} does not compile:\n{done.stderr}")
    os.replace(f"{LIBRARY}.new", LIBRARY)


class Code:
    """The functions of an image and the lines of their source."""

    def __init__(self, image, cross):
        listed = code_tables.list_symbols(cross, image)
        addresses = {line.split()[-1]: int(line.split()[0], 16) for line in listed}
        self.low, self.high = addresses["kernel.text"], addresses["kernel.own_etext"]
        self.symbols = code_tables.read_symbols(listed)
        self.begins = [address for address, _ in self.symbols]
        self.lines = code_tables.read_lines(cross, image)
        self.line_begins = [address for address, _, _ in self.lines]

    def function(self, address):
        at = bisect.bisect_right(self.begins, address) - 1
        return self.symbols[at][1] if at >= 0 and address < 0x40000000 else "a program of ring 3"

    def line(self, address):
        at = bisect.bisect_right(self.line_begins, address) - 1
        _, file, line = self.lines[at] if at >= 0 and address < 0x40000000 else (0, "", 0)
        return f"{file}:{line}" if file else "?"

    def address(self, name):
        found = [address for address, each in self.symbols if name in (each, each.rpartition("::")[2])]
        return next((address for address in found if self.low <= address < self.high), None)


def text_of(place):
    """The source of `file:line`."""
    file, _, line = place.rpartition(":")
    try:
        return (ROOT / file).read_text(encoding="utf-8").splitlines()[int(line) - 1].strip()
    except (OSError, ValueError, IndexError):
        return ""


def run(image, memory, timeout, arguments):
    """Runs the image with the plugin. Returns its counts by address, and the windows: (times, addresses)."""
    with tempfile.TemporaryDirectory() as folder:
        result = pathlib.Path(folder, "result")
        plugin = ",".join([str(LIBRARY), f"out={result}", *arguments])
        machine = emulator.Machine(image, memory=memory, clock="count", extra=("-plugin", plugin))
        ended = emulator.run(machine, lambda chunk: None, timeout, None, False)
        print(f"profile: the run ended: {ended.reason or 'the machine was powered off in order'}", file=sys.stderr)
        if not result.exists():
            fail(f"QEMU wrote no counts; was it built with plugins? ('{emulator.QEMU} -plugin help')")
        counts, windows = {}, []
        for line in result.read_text().splitlines():
            kind, *words = line.split()
            if kind == "count":
                counts[int(words[0], 16)] = int(words[1])
            else:
                windows.append((int(words[0]), [int(word, 16) for word in words[1:]]))
        return counts, windows


def whole_run(code, counts):
    total = sum(counts.values())
    functions, lines = collections.Counter(), collections.Counter()
    for address, count in counts.items():
        functions[code.function(address)] += count
        lines[code.line(address)] += count
    print(f"{total} instructions")
    for name, count in functions.most_common(MOST_FUNCTIONS):
        print(f"{count:12} {100 * count / total:5.1f} %  {name}")
    print("the lines with the most")
    for place, count in lines.most_common(MOST_LINES):
        print(f"{count:12} {100 * count / total:5.1f} %  {place:44} {text_of(place)}")


def one_call(code, name, windows, shortest):
    windows.sort(reverse=True)
    ways = [f"{len(addresses)} ({times} times)" for times, addresses in windows]
    more = ", ..." if len(ways) > MOST_WAYS else ""
    print(f"instructions from {name} until the program goes on: {', '.join(ways[:MOST_WAYS])}{more}")
    addresses = min((way for _, way in windows), key=len) if shortest else windows[0][1]
    print(f"{len(addresses):6}  instructions, of which in")
    for function in dict.fromkeys(map(code.function, addresses)):
        own = [address for address in addresses if code.function(address) == function]
        print(f"{len(own):6}  {function}")
        for place, count in collections.Counter(map(code.line, own)).items():
            print(f"{'':6} {count:6}  {place:44} {text_of(place)}".rstrip())


def parse(arguments):
    parser = argparse.ArgumentParser(prog="profile.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.error = lambda message: fail(f"{message}; see profile.py --help", USAGE)
    parser.add_argument("image", help="the kernel with its program: an ELF file")
    parser.add_argument("--of", metavar="FUNCTION", help="one call of this kernel function, or switch, or tick")
    parser.add_argument("--memory", type=int, default=128, metavar="MIB", help="memory of the machine (128)")
    parser.add_argument("--timeout", type=float, default=300, metavar="SECONDS", help="end the run after this (300)")
    parser.add_argument("--cross", default="i686-linux-gnu-", help="prefix of the cross tools")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    code, begin = Code(options.image, options.cross), None
    if options.of:
        name = ALIASES.get(options.of, options.of)
        begin = code.address(name)
        if begin is None:
            fail(f"the kernel has no function {name}; OF is one of those in {code_map(options.image)}", USAGE)
    compile_plugin()
    window = [f"begin={begin:x}", f"low={code.low:x}", f"high={code.high:x}"] if begin else []
    counts, windows = run(options.image, options.memory, options.timeout, window)
    if not begin:
        whole_run(code, counts)
    elif windows:
        one_call(code, name, windows, options.of == "tick")
    else:
        fail(f"the run did not come from {name} back to the program")


def code_map(image):
    return os.path.splitext(image)[0] + ".map"


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except emulator.EmulatorError as error:
        fail(error)
