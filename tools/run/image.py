"""What tools read from an image: its segments, symbols and words, and the functions and lines of its code."""

import bisect
import os
import struct
import sys

import emulator

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "build"))

import code_tables  # noqa: E402

PT_LOAD = 1
RETURNS = (b"\xC2", b"\xC3", b"\xCF")  # the opcodes of ret n, ret and iret
OUTSIDE = "(not in the image: ring 3, firmware)"


def segments(data):
    """The loaded segments of an ELF file: a list of (offset, address, bytes in the file, bytes in memory)."""
    headers, = struct.unpack_from("<I", data, 28)
    size, number = struct.unpack_from("<HH", data, 42)
    found = (struct.unpack_from("<6I", data, headers + i * size) for i in range(number))
    return [(offset, address, file_size, memory_size)
            for kind, offset, address, _, file_size, memory_size in found if kind == PT_LOAD]


class Image:
    """An image with the .map file beside it; functions and lines are those of the tables that the kernel itself has."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        if self.data[:6] != b"\x7fELF\x01\x01":
            raise emulator.EmulatorError(f"{path} is no ELF image; counting goes without BOOT=iso")
        self.entry, = struct.unpack_from("<I", self.data, 24)
        self.segments = segments(self.data)
        with open(os.path.splitext(path)[0] + ".map", encoding="utf-8") as symbols:
            self.symbols = {name: int(address, 16)
                            for address, _, name in (line.rstrip("\n").split(" ", 2) for line in symbols)}
        self.functions, self.lines = self._tables(path)
        self.function_starts = [address for address, _ in self.functions]
        self.line_starts = [address for address, _ in self.lines]
        self.sources = {}

    def _offset(self, address):
        """Where the byte at this address is in the file."""
        for offset, start, size, _ in self.segments:
            if start <= address < start + size:
                return offset + address - start
        raise emulator.EmulatorError(f"the image has nothing at {address:#x}")

    def _tables(self, path):
        try:
            tables = code_tables.unpack(self.data[self._offset(self.symbols["code_tables"]):])
        except (KeyError, ValueError):
            raise emulator.EmulatorError(f"{path} has no tables about its code; build it again") from None
        return ([(address, name or OUTSIDE) for address, name in tables.symbols],
                [(address, f"{file}:{line}" if line else "?") for address, file, line in tables.lines])

    def word(self, address):
        """A word of initialized data."""
        return struct.unpack_from("<I", self.data, self._offset(address))[0]

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

    def _occurrences(self, code, begin, end):
        """The addresses from begin to end at which these bytes are. That they are an instruction and not part of
        another is seen when they are executed."""
        first = self._offset(begin)
        last, at, found = first + end - begin, self.data.find(code, first), []
        while 0 <= at < last:
            found.append(begin + at - first)
            at = self.data.find(code, at + 1)
        return found

    def returns(self, name):
        """The addresses of the returns of a function."""
        begin, end = self.bounds(name)
        return sorted(address for code in RETURNS for address in self._occurrences(code, begin, end))

    def software_interrupts(self, vector):
        """The addresses of the INT instructions of this vector."""
        return self._occurrences(bytes([0xCD, vector]), self.functions[0][0], self.functions[-1][0])
