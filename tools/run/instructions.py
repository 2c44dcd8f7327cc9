"""Counts the instructions of a run: loads count_plugin.cpp into QEMU, and reads names and lines from the image.

The plugin is compiled for this machine when it is first used, or when its source or QEMU has changed.
"""

import bisect
import collections
import contextlib
import os
import shutil
import struct
import subprocess
import tempfile

import emulator

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOURCE = os.path.join(ROOT, "tools", "run", "count_plugin.cpp")
FLAGS = "-std=c++20 -O2 -shared -fPIC -fvisibility=hidden -w".split()
OLDEST_QEMU, NEW_INTERFACE = 7, 9  # from 9 on, QEMU refuses plugins for version 1 of the interface
MAGIC, NOWHERE = 0x31544344, 0xFFFFFFFF  # see tools/build/code_tables.py
RETURNS = (0xC2, 0xC3, 0xCF)  # the opcodes of ret n, ret and iret
OUTSIDE = "(not in the image: ring 3, firmware)"


def plugin():
    """The path of the compiled plugin. Several runs may compile it at once: each renames a file of its own."""
    version = emulator.qemu_version()
    if version < OLDEST_QEMU:
        raise emulator.EmulatorError(f"counting needs {emulator.QEMU} {OLDEST_QEMU} or newer, built with plugins")
    interface = 1 if version < NEW_INTERFACE else 2
    library = os.path.join(ROOT, "build", "run", f"count_plugin-{interface}.so")
    if os.path.exists(library) and os.path.getmtime(library) >= os.path.getmtime(SOURCE):
        return library
    compiler = shutil.which("c++") or shutil.which("g++")
    if compiler is None:
        raise emulator.EmulatorError("counting instructions needs a C++ compiler for this machine; install g++")
    os.makedirs(os.path.dirname(library), exist_ok=True)
    output = f"{library}.{os.getpid()}"
    done = subprocess.run([compiler, *FLAGS, f"-DPLUGIN_VERSION={interface}", "-o", output, SOURCE], check=False,
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise emulator.EmulatorError(f"cannot compile tools/run/count_plugin.cpp: {done.stderr.splitlines()[0]}")
    os.replace(output, library)
    return library


@contextlib.contextmanager
def report_of(machine, image, **arguments):
    """Makes the machine write a report of the plugin; yields the file's path, to be read when the machine has ended."""
    with tempfile.NamedTemporaryFile(prefix="detour-count-") as file:
        settings = {"out": file.name, "from": f"{image.entry:x}", **arguments}
        machine.extra = (*machine.extra, "-plugin",
                         ",".join([plugin(), *(f"{name}={value}" for name, value in settings.items())]))
        yield file.name


class Image:
    """The code of an image: its functions and lines, from the tables that it has for the kernel itself."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        if self.data[:6] != b"\x7fELF\x01\x01":
            raise emulator.EmulatorError(f"{path} is no ELF image; counting goes without BOOT=iso")
        self.entry, headers = struct.unpack_from("<II", self.data, 24)
        size, number = struct.unpack_from("<HH", self.data, 42)
        self.segments = [struct.unpack_from("<5I", self.data, headers + i * size) for i in range(number)]
        self.functions, self.lines = self._tables(path)
        self.function_starts = [address for address, _ in self.functions]
        self.line_starts = [address for address, _ in self.lines]
        self.sources = {}

    def _offset(self, address):
        """Where the byte at this address is in the file."""
        for kind, offset, start, _, size in self.segments:
            if kind == 1 and start <= address < start + size:
                return offset + address - start
        raise emulator.EmulatorError(f"the image has nothing at {address:#x}")

    def _tables(self, path):
        with open(os.path.splitext(path)[0] + ".map", encoding="utf-8") as symbols:
            tables = next(int(line.split()[0], 16) for line in symbols if line.endswith(" code_tables\n"))
        at = self._offset(tables)
        magic, functions, rules, lines, layouts = struct.unpack_from("<5I", self.data, at)
        if magic != MAGIC:
            raise emulator.EmulatorError(f"{path} has no tables about its code; build it again")
        at_functions = at + 20
        at_lines = at_functions + 8 * functions + 8 * rules
        names = at_lines + 8 * lines + layouts

        def name(offset):
            return self.data[names + offset:self.data.index(b"\0", names + offset)].decode()

        pairs = struct.iter_unpack("<II", self.data[at_functions:at_functions + 8 * functions])
        entries = struct.iter_unpack("<IHH", self.data[at_lines:at_lines + 8 * lines])
        return ([(address, OUTSIDE if offset == NOWHERE else name(offset)) for address, offset in pairs],
                [(address, f"{name(file)}:{line}" if line else "?") for address, file, line in entries])

    def function(self, address):
        place = bisect.bisect_right(self.function_starts, address) - 1
        return self.functions[place][1] if place >= 0 else OUTSIDE

    def line(self, address):
        """FILE:LINE of an address; ? where none is known."""
        place = bisect.bisect_right(self.line_starts, address) - 1
        return self.lines[place][1] if place >= 0 and self.function(address) != OUTSIDE else "?"

    def source(self, place):
        """The text of a line, given as FILE:LINE; nothing if the file is not here."""
        file, _, line = place.rpartition(":")
        if file not in self.sources:
            try:
                with open(os.path.join(ROOT, file), encoding="utf-8", errors="replace") as source:
                    self.sources[file] = source.read().splitlines()
            except OSError:
                self.sources[file] = []
        lines = self.sources[file]
        return lines[int(line) - 1].strip() if line.isdigit() and 0 < int(line) <= len(lines) else ""

    def bounds(self, name):
        """The first address of a function and that after its end."""
        for (address, found), (end, _) in zip(self.functions, self.functions[1:]):
            if found in (name, f"detour::{name}"):
                return address, end
        raise emulator.EmulatorError(f"the image has no function {name}; the .map file beside it lists all")

    def returns(self, name):
        """The addresses in a function at which a byte is the opcode of a return. That one is an instruction and not the
        middle of another is seen when it is executed."""
        address, end = self.bounds(name)
        code = self.data[self._offset(address):][:end - address]
        return [address + i for i, byte in enumerate(code) if byte in RETURNS]


def counted(path):
    """A report of the whole run: {address: count}."""
    counts = collections.Counter()
    with open(path, encoding="ascii") as report:
        for line in report:
            address, count = line.split()
            counts[int(address, 16)] += int(count)
    return counts


def grouped(path):
    """A report of paths or stretches: a list of (words of the first line, [(address, count)])."""
    groups = []
    with open(path, encoding="ascii") as report:
        for line in report:
            words = line.split()
            if words[0] in ("path", "stretch"):
                groups.append((words[1:], []))
            else:
                groups[-1][1].append((int(words[0], 16), int(words[1]) if len(words) > 1 else 1))
    return groups


def summed(counts, place):
    """Counts by place(address), in the order of the first occurrence."""
    result = collections.Counter()
    for address, count in counts:
        result[place(address)] += count
    return result
