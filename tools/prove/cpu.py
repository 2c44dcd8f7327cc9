"""The state of the processor as far as entry code can see it, and how operands are read and written."""

import dataclasses

import z3

import words
from memory import Beginning, Memory

REGISTERS = ("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi")  # in the order of pushal
SEGMENTS = ("cs", "ss", "ds", "es")
PARTS = {"al": ("eax", 0, 8), "ah": ("eax", 8, 8), "cl": ("ecx", 0, 8), "dl": ("edx", 0, 8), "bl": ("ebx", 0, 8),
         "ax": ("eax", 0, 16), "cx": ("ecx", 0, 16), "dx": ("edx", 0, 16), "bx": ("ebx", 0, 16)}

# EFLAGS (Intel SDM vol. 1, 3.4.3)
CF, FIXED, PF, AF, ZF, SF, TF, IF, DF, OF = 1, 2, 4, 0x10, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800
IOPL, NT, RF, VM, AC, VIF, VIP, ID = 0x3000, 0x4000, 0x10000, 0x20000, 0x40000, 0x80000, 0x100000, 0x200000
ARITHMETIC = CF | PF | AF | ZF | SF | OF
DEFINED = ARITHMETIC | TF | IF | DF | IOPL | NT | RF | VM | AC | VIF | VIP | ID  # all others are constant


@dataclasses.dataclass
class Fault:
    """The rule of an instruction does not hold, and the CPU would do something else: what is required, and why."""

    required: z3.BoolRef
    why: str


@dataclasses.dataclass
class State:
    registers: dict
    eflags: z3.BitVecRef
    segments: dict
    memory: Memory
    eip: object = None  # an address, or a value after iret, ret and sysexit
    conditions: list = dataclasses.field(default_factory=list)
    hints: list = dataclasses.field(default_factory=list)  # conditions that a counterexample meets if it can
    inhibited: bool = False  # no interrupt is taken before the next instruction: sti has just been executed
    behind_callback: bool = False  # it has just returned
    faults: list = dataclasses.field(default_factory=list)  # of the instruction that is being executed
    begin: object = None  # the state at the first instruction of the path
    path: list = dataclasses.field(default_factory=list)  # addresses of what has been executed
    calls: list = dataclasses.field(default_factory=list)  # what has been called, see explore.Call
    loaded: list = dataclasses.field(default_factory=list)  # (number of the instruction, address, value)
    written: list = dataclasses.field(default_factory=list)  # (address, bytes, number of the instruction), not by calls
    sent: list = dataclasses.field(default_factory=list)  # (number of calls before, port, value)
    left_stack: object = None  # where ESP was in the kernel when the CPU went back to ring 3
    lowest: int = 0  # that ESP has been, from where the proof begins

    def copy(self):
        return dataclasses.replace(self, registers=dict(self.registers), segments=dict(self.segments),
                                   **{name: list(getattr(self, name)) for name in
                                      ("conditions", "path", "calls", "loaded", "written", "sent")}, faults=[])

    # Registers and flags

    def get(self, name):
        if name in self.registers:
            return self.registers[name]
        if name in self.segments:
            return self.segments[name]
        register, low, bits = PARTS[name]
        return z3.simplify(z3.Extract(low + bits - 1, low, self.registers[register]))

    def set(self, name, value):
        if name in self.registers:
            self.registers[name] = z3.simplify(value)
        elif name in self.segments:
            self.segments[name] = z3.simplify(value)
        else:
            register, low, bits = PARTS[name]
            mask = ((1 << bits) - 1) << low
            wide = z3.ZeroExt(words.WORD - bits, value) << low
            self.registers[register] = z3.simplify(self.registers[register] & ~words.word(mask) | wide)

    def set_flag(self, mask, condition):
        self.eflags = z3.simplify(z3.If(condition, self.eflags | mask, self.eflags & ~words.word(mask)))

    def set_eflags(self, value, mask):
        """These bits come from the value, all others stay."""
        self.eflags = z3.simplify(self.eflags & ~words.word(mask) | value & mask)

    def privilege(self):
        return z3.simplify(self.segments["cs"] & 3)

    # Memory

    def load(self, address, count=4):
        value = self.memory.read(address, count)
        self.loaded.append((len(self.path), address, value))
        return value

    def store(self, address, value):
        self.memory = self.memory.write(address, value)
        self.written.append((address, value.size() // words.BYTE, len(self.path)))

    def push(self, value):
        self.set("esp", self.registers["esp"] - value.size() // words.BYTE)
        self.store(self.registers["esp"], value)

    def pop(self):
        value = self.load(self.registers["esp"])
        self.set("esp", self.registers["esp"] + 4)
        return value

    def require(self, condition, why):
        """What else would be a fault, or something that no rule here describes."""
        self.faults.append(Fault(condition, why))


def anything():
    """A state of which nothing is known, in ring 0; EFLAGS is what the CPU can have outside virtual-8086 mode."""
    eflags = words.unknown("eflags")
    state = State({name: words.unknown(name) for name in REGISTERS}, z3.simplify(eflags & (DEFINED & ~VM) | FIXED),
                  {name: words.unknown(name, 16) for name in SEGMENTS}, Beginning())
    state.set("cs", z3.BitVecVal(8, 16))
    state.set("ss", z3.BitVecVal(0x10, 16))
    return state
