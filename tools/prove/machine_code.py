"""The machine code of an image: its instructions, and what their operands mean."""

import dataclasses
import os
import sys

import capstone
import z3
from capstone import x86

import words
from cpu import SEGMENTS

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "run"))

import image  # noqa: E402

LONGEST = 15  # bytes of an instruction


class Register:
    def __init__(self, name, bits):
        self.name, self.bits = name, bits

    def is_segment(self):
        return self.name in SEGMENTS

    def read(self, state):
        return state.get(self.name)

    def write(self, state, value):
        state.set(self.name, value)


class Immediate:
    def __init__(self, value, bits):
        self.value, self.bits = value & ((1 << bits) - 1), bits

    def is_segment(self):
        return False

    def read(self, _state):
        return z3.BitVecVal(self.value, self.bits)


class InMemory:
    def __init__(self, base, index, scale, displacement, bits):
        self.base, self.index, self.scale, self.displacement, self.bits = base, index, scale, displacement, bits

    def is_segment(self):
        return False

    def address(self, state):
        address = words.word(self.displacement & 0xFFFFFFFF)
        if self.base:
            address = address + state.get(self.base)
        if self.index:
            address = address + state.get(self.index) * self.scale
        return z3.simplify(address)

    def read(self, state):
        return state.load(self.address(state), self.bits // 8)

    def write(self, state, value):
        state.store(self.address(state), value)


@dataclasses.dataclass
class Instruction:
    address: int
    size: int
    mnemonic: str
    text: str
    operands: tuple

    @property
    def next(self):
        return self.address + self.size


def decoded(found):
    def operand(each):
        bits = each.size * 8
        if each.type == x86.X86_OP_REG:
            return Register(found.reg_name(each.reg), bits)
        if each.type == x86.X86_OP_IMM:
            return Immediate(each.imm, bits)
        place = each.mem
        name = lambda number: found.reg_name(number) if number else None  # noqa: E731
        return InMemory(name(place.base), name(place.index), place.scale, place.disp, bits)
    return Instruction(found.address, found.size, found.mnemonic, f"{found.mnemonic} {found.op_str}".strip(),
                       tuple(operand(each) for each in found.operands))


class Code:
    """The instructions of an image, as they are linked."""

    def __init__(self, path):
        self.path, self.image = path, image.Image(path)
        self.symbols = self.image.symbols
        self.names = {address: name for name, address in self.symbols.items()}
        self.disassembler = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_32)
        self.disassembler.detail = True
        self.cache = {}

    def bytes(self, address, count):
        for offset, start, size, _ in self.image.segments:
            if start <= address < start + size:
                return self.image.data[offset + address - start:offset + min(address - start + count, size)]
        return b""

    def at(self, address):
        if address not in self.cache:
            self.cache[address] = self.decode(self.bytes(address, LONGEST), address)
        return self.cache[address]

    def decode(self, content, address):
        found = next(self.disassembler.disasm(content, address, 1), None)
        if found is None:
            raise ValueError(f"no instruction at {address:#x}: {content.hex()}")
        return decoded(found)

    def end(self, name):
        """Where the function ends that begins at this symbol."""
        starts = self.image.function_starts
        return next(address for address in starts if address > self.symbols[name])

    def place(self, address):
        """function+offset (FILE:LINE)"""
        function = self.image.function(address)
        begin = max((a for a in self.image.function_starts if a <= address), default=address)
        return f"{function}+{address - begin:#x} ({self.image.line(address)})"
