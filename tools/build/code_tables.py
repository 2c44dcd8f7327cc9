"""What a debugger reads from an ELF file about its code, as tables that the kernel can read: the names of the
functions, where each instruction's caller is (the call frame information), and the lines of the source.

The tables are made from the linked file and put into it: into the image at the symbol code_tables, into a ring-3
program as the section .code_tables. kernel/image/code_tables.hpp reads them. All numbers are little-endian:

    header    5 words: magic, how many functions, rules and lines there are, how many bytes of layouts
    functions pairs {address, offset of the name}, sorted by address; a function holds up to the next one's address, and
              at the end of a section of code is an entry with the offset NOWHERE
    rules     pairs {address, offset of the layout}, sorted, likewise; NOWHERE for code without call frame information
    lines     {address, offset of the file's name (16 bits), line (16 bits)}, sorted, each up to the next one's address
    layouts   {CFA register, words from it to the CFA, flags, n, then n times {register, place}}, all bytes
    names     each ended by NUL: those of the files first; zeros may follow

A layout says how to get from the registers in a function to those in its caller. The canonical frame address (CFA) is
the caller's ESP before the call, or ESP at the interrupt. A saved register lies `place` words above the CFA; or, from
IN_REGISTER on, it is in another register. Registers have their DWARF numbers (System V ABI for the i386, table 2.14).
"""

import os
import re
import struct
import subprocess
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))  # sources are named from here
MAGIC = 0x31544344
NOWHERE = 0xFFFFFFFF
INTERRUPTED, OUTERMOST, EITHER_RING = 1, 2, 4  # flags of a layout
IN_REGISTER = 100

REGISTERS = {name: number for number, name in enumerate("eax ecx edx ebx esp ebp esi edi ra eflags".split())}
REGISTERS.update({"es": 40, "cs": 41, "ss": 42, "ds": 43})
NM_LINE = re.compile(r"(?P<address>[0-9a-f]+) (?:(?P<size>[0-9a-f]+) )?(?P<kind>[tTwW]) (?P<name>.+)")
BOUND = re.compile(r"(^|[_.])e?text$")
KERNEL_PREFIX = "kernel."  # of the library's names inside the kernel: see seal_kernel.py
ENTRY = re.compile(r"^[0-9a-f]{8} [0-9a-f]+ (?P<id>[0-9a-f]+) (?:FDE cie=(?P<cie>[0-9a-f]+) "
                   r"pc=(?P<begin>[0-9a-f]+)\.\.(?P<end>[0-9a-f]+)|CIE \"(?P<augmentation>[^\"]*)\")")
OFFSET = re.compile(r"(?P<base>[a-z]+)(?P<offset>[+-]\d+)$")
SECTION = re.compile(r" *\[ *\d+\] \S+ +PROGBITS +(?P<address>[0-9a-f]+) [0-9a-f]+ (?P<size>[0-9a-f]+) \S+ +AX ")
IN_REGISTER_CELL = re.compile(r"r\d+ \((\w+)\)")  # as readelf prints it
DECODED_LINE = re.compile(r"\S+ +(?:\d+|-) +(0x[0-9a-f]+)")


def run(command, **options):
    """Runs a tool; returns its standard output. Its own messages go to standard error."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, **options)
    if done.returncode != 0:
        sys.exit(1)
    return done.stdout


def short_name(name):
    """A demangled name without its template and call arguments: `detour::Queue<4u>::push(int)` is
    `detour::Queue::push`."""
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


def list_symbols(cross, elf):
    """What nm prints of the symbols that a file defines: lines of address, size if there is one, type and name."""
    return run([cross + "gcc-nm", "--numeric-sort", "--defined-only", "--demangle", "--print-size", elf]).splitlines()


def read_symbols(listed):
    """The functions in a list of symbols: a sorted list of (address, name), one name per address.

    Where one address has several names, a function that knows its size wins over a plain label, and a global name over
    a local one. A local label inside a function does not count, nor do the bounds that kernel.ld sets, such as etext.
    """
    found, ends = {}, {}
    for line in listed:
        match = NM_LINE.match(line)
        if not match or match["name"].startswith(".L") or BOUND.search(match["name"]):
            continue
        address = int(match["address"], 16)
        rank = (match["size"] is not None, match["kind"] in "TW")
        if address not in found or rank > found[address][0]:
            found[address] = (rank, short_name(match["name"].removeprefix(KERNEL_PREFIX)))
        ends[address] = max(ends.get(address, 0), address + int(match["size"] or "0", 16))
    result, end = [], 0
    for address in sorted(found):
        rank, name = found[address]
        if rank != (False, False) or address >= end:
            result.append((address, name))
        end = max(end, ends[address])
    return result


def code_ends(listed):
    """The addresses just after the last instruction of each section of code, from readelf's list of sections."""
    return [int(match["address"], 16) + int(match["size"], 16) for match in map(SECTION.match, listed) if match]


def place_of(cell):
    """Where a register was saved, in words above the CFA or as IN_REGISTER + its number; None if it was not."""
    if cell in REGISTERS:
        return IN_REGISTER + REGISTERS[cell]
    match = OFFSET.match(cell)
    if not match or match["base"] != "c":
        return None
    words, rest = divmod(int(match["offset"]), 4)
    return words if rest == 0 and -128 <= words < IN_REGISTER else None


def layout_of(columns, cells, augmentation):
    """The bytes of a layout, from one line of readelf's table; None if it is of a kind that our code does not use."""
    base = OFFSET.match(cells[0])
    if not base or base["base"] not in REGISTERS or int(base["offset"]) % 4 or not -512 <= int(base["offset"]) < 512:
        return None
    flags = INTERRUPTED if "S" in augmentation else 0
    saved = []
    for column, cell in zip(columns, cells[1:]):
        number = REGISTERS[column] if column in REGISTERS else int(column[1:])
        place = place_of(cell)
        if column == "ra" and place is None:
            flags |= OUTERMOST
        elif column == "esp" and cell == "vexp":
            flags |= EITHER_RING  # see either_ring in arch/x86/entry/cfi.inc
        elif place is not None:
            saved.append((number, place))
    return struct.pack("<BbBB", REGISTERS[base["base"]], int(base["offset"]) // 4, flags, len(saved)) + \
        b"".join(struct.pack("<Bb", *entry) for entry in saved)


def read_rules(listed):
    """The call frame information, as readelf prints it: a sorted list of (address, layout), with None from the end of a
    function on."""
    rules, initial, augmentations = {}, {}, {}
    current, columns = None, []
    for line in listed:
        entry = ENTRY.match(line)
        if entry:
            current, columns = entry, []
            name = line.split()[0]
            if entry["cie"] is None:
                augmentations[name] = entry["augmentation"]
            else:
                augmentation = augmentations[entry["cie"]]
                rules[int(entry["begin"], 16)] = initial.get(entry["cie"])
                rules.setdefault(int(entry["end"], 16), None)
        elif line.strip().startswith("LOC"):
            columns = line.split()[2:]
        elif current and columns and re.match(r"[0-9a-f]{8} ", line):
            address, *cells = IN_REGISTER_CELL.sub(r"\1", line).split()
            if current["cie"] is None:
                initial[name] = layout_of(columns, cells, augmentations[name])
            else:
                rules[int(address, 16)] = layout_of(columns, cells, augmentation)
    return sorted(rules.items())


def read_lines(cross, elf):
    """The lines of the source: a sorted list of (address, file, line); file is '' where none is known.

    Of code that was inlined it is the innermost line in this project, not one of the standard headers.
    """
    table = run([cross + "objdump", "--dwarf=decodedline", elf])
    addresses = sorted({int(address, 16) for address in map_match(DECODED_LINE, table)})
    text = run([cross + "addr2line", "--inlines", "--addresses", "--exe", elf],
               input="".join(f"{address:#x}\n" for address in addresses))
    result = []
    for block in re.split(r"^(?=0x[0-9a-f]{8}$)", text, flags=re.MULTILINE)[1:]:
        address, *places = block.splitlines()
        entry = (int(address, 16), *source_line(places, ROOT + os.sep))
        if not result or result[-1][1:] != entry[1:]:
            result.append(entry)
    return result


def map_match(pattern, text):
    return (match[1] for match in map(pattern.match, text.splitlines()) if match)


def source_line(places, root):
    """(file, line) pairs that addr2line gives for an address, innermost first; the file relative to the root."""
    own = next((place for place in places if place.startswith(root)), places[0])
    path, _, line = own.split(" (")[0].rpartition(":")
    if not line.isdigit() or not 0 < int(line) < 0x10000:
        return "", 0
    return (path[len(root):] if path.startswith(root) else os.path.basename(path)), int(line)


class Strings:
    """Each string once, ended by NUL."""

    def __init__(self):
        self.offsets, self.blob = {}, bytearray()

    def offset(self, text):
        if text not in self.offsets:
            self.offsets[text] = len(self.blob)
            self.blob += text if isinstance(text, bytes) else text.encode() + b"\0"
        return self.offsets[text]


def unpack(data):
    """The Tables that begin these bytes; what follows their names does not matter."""
    magic, symbols, rules, lines, layouts = struct.unpack_from("<5I", data)
    if magic != MAGIC:
        raise ValueError("no tables about code")
    at_rules = 20 + 8 * symbols
    at_lines = at_rules + 8 * rules
    at_layouts = at_lines + 8 * lines
    at_names = at_layouts + layouts

    def name(offset):
        return data[at_names + offset:data.index(b"\0", at_names + offset)].decode()

    def layout(offset):
        begin = at_layouts + offset
        return data[begin:begin + 4 + 2 * data[begin + 3]]

    def pairs(begin, end, value):
        return [(address, None if offset == NOWHERE else value(offset))
                for address, offset in struct.iter_unpack("<II", data[begin:end])]

    return Tables(pairs(20, at_rules, name), pairs(at_rules, at_lines, layout),
                  [(address, name(file), line)
                   for address, file, line in struct.iter_unpack("<IHH", data[at_lines:at_layouts])])


class Tables:
    """What the tables say: sorted lists of symbols, rules and lines."""

    def __init__(self, symbols, rules, lines):
        self.symbols, self.rules, self.lines = symbols, rules, lines

    def below(self, end):
        """The part about the code below this address."""
        return self._where(lambda address: address < end)

    def since(self, begin):
        """The part about the code from this address on."""
        return self._where(lambda address: address >= begin)

    def _where(self, wanted):
        return Tables(*([entry for entry in table if wanted(entry[0])]
                        for table in (self.symbols, self.rules, self.lines)))

    def pack(self):
        """The tables as bytes."""
        return Packer(self).pack()


class Packer:
    """Tables as bytes, part by part in the order of the addresses. The part about a kernel's code is packed once and
    kept, for all its images."""

    def __init__(self, tables):
        self.symbols, self.rules, self.lines = [], bytearray(), bytearray()
        self.names, self.layouts = Strings(), Strings()
        self.add(tables)

    def add(self, tables):
        """Adds the part about the code after what there is."""
        self.symbols += tables.symbols
        self.rules += b"".join(struct.pack("<II", address, NOWHERE if layout is None else self.layouts.offset(layout))
                               for address, layout in tables.rules)
        self.lines += b"".join(struct.pack("<IHH", address, self.names.offset(file), line)
                               for address, file, line in tables.lines)

    def pack(self):
        """All parts. The names of the functions come after those of the files, whose offsets have 16 bits."""
        symbols = b"".join(struct.pack("<II", address, NOWHERE if name is None else self.names.offset(name))
                           for address, name in self.symbols)
        header = struct.pack("<5I", MAGIC, len(self.symbols), len(self.rules) // 8, len(self.lines) // 8,
                             len(self.layouts.blob))
        return b"".join((header, symbols, self.rules, self.lines, self.layouts.blob, self.names.blob, b"\0"))


def read(cross, elf, listed):
    """The tables of a linked file, whose symbols are listed."""
    dump = run([cross + "readelf", "--wide", "--sections", "-wF", elf], stderr=subprocess.DEVNULL).splitlines()
    symbols = dict.fromkeys(code_ends(dump)) | dict(read_symbols(listed))
    return Tables(sorted(symbols.items()), read_rules(dump), read_lines(cross, elf))
