"""The image as a live page has it: without symbols and debug information, and with zeros in place of the ring-3
programs if nothing in it can start one. All that runs is unchanged, and at the same addresses.
"""

import pathlib
import re
import struct
import subprocess
import tempfile

import facts

STARTS = re.compile(r"upcreate\w*")  # the calls that start a ring-3 program when there is none yet
PROGRAM = re.compile(r"program_\d+(_end)?")  # see tools/build/link_image.py
LOADED = 1  # the type of a segment


def stripped(cross, image):
    with tempfile.TemporaryDirectory(prefix="detour-") as folder:
        output = pathlib.Path(folder, "image.elf")
        subprocess.run([f"{cross}strip", "--strip-all", "-o", output, image], check=True)
        return output.read_bytes()


def segments(elf):
    """(place in the file, address, bytes in the file) of each part of an ELF file that is loaded."""
    table, = struct.unpack_from("<I", elf, 28)
    size, count = struct.unpack_from("<HH", elf, 42)
    headers = (struct.unpack_from("<5I", elf, table + size * i) for i in range(count))
    return [(offset, address, length) for kind, offset, address, _, length in headers if kind == LOADED]


def emptied(elf, ranges):
    """The file with zeros at these ranges of addresses."""
    result = bytearray(elf)
    for begin, end in ranges:
        offset, address = next((offset, address) for offset, address, length in segments(elf)
                               if address <= begin and end <= address + length)
        result[begin - address + offset:end - address + offset] = bytes(end - begin)
    return bytes(result)


def refers(elf, targets):
    """Whether any four bytes are one of these addresses, or the distance to it, as in a call."""
    for offset, address, length in segments(elf):
        for i in range(length - 3):
            word, = struct.unpack_from("<I", elf, offset + i)
            if word in targets or (word + address + i + 4) & 0xFFFFFFFF in targets:
                return True
    return False


def page_image(cross, image):
    elf = stripped(cross, image)
    symbols = facts.all_symbols(cross, image)
    bounds = sorted(address for name, (address, _) in symbols.items() if PROGRAM.fullmatch(name))
    programs = list(zip(bounds[::2], bounds[1::2]))
    # The tables name each function's address.
    tables = [(symbols["code_tables"][0], symbols["code_tables_end"][0])]
    starts = {address for name, (address, _) in symbols.items() if STARTS.fullmatch(name)}
    return elf if refers(emptied(elf, programs + tables), starts) else emptied(elf, programs)
