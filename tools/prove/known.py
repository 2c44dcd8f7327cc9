"""What is known of registers and of a function's own frame, before and behind an instruction: for convention.py."""

import capstone
from capstone import x86

from cpu import REGISTERS

CHANGED_BY_CALLS = ("eax", "ecx", "edx")
WIDE = {part: register for register in REGISTERS for part in (register, register[1:])}
WIDE |= {letter + half: f"e{letter}x" for letter in "abcd" for half in "lh"}

# A known value: (FRAME, n) is the address n bytes above that of the return address; (name, n) what this register had at
# the beginning, and n.
FRAME = "frame"


class Undecided(Exception):
    """The text says where, and what is not understood, or wrong."""


class Known:
    """What is known before an instruction."""

    def __init__(self, registers=None, words=None):
        self.registers = registers or {name: (name, 0) for name in REGISTERS if name != "esp"} | {"esp": (FRAME, 0)}
        self.words = {} if words is None else words  # of the frame, by their distance

    def copy(self):
        return Known(dict(self.registers), dict(self.words))

    def meet(self, other):
        """What holds in both."""
        return Known({name: value for name, value in self.registers.items() if other.registers.get(name) == value},
                     {at: value for at, value in self.words.items() if other.words.get(at) == value})

    def __eq__(self, other):
        return self.registers == other.registers and self.words == other.words

    def get(self, name):
        return self.registers.get(name)

    def set(self, name, value):
        if value is None:
            self.registers.pop(name, None)
        else:
            self.registers[name] = value

    def forget_words(self, at, count):
        for word in [word for word in self.words if at - 4 < word < at + count]:
            del self.words[word]


class Operands:
    """The operands of an instruction, in a state."""

    def __init__(self, found, state):
        self.found, self.state, self.reg_name = found, state, found.reg_name

    def address(self, operand):
        """Of a memory operand; None if it is not known."""
        base = self.state.get(self.reg_name(operand.mem.base)) if operand.mem.base else None
        return shifted(base, operand.mem.disp) if not operand.mem.index else None

    def place(self, operand):
        """Where in the frame a memory operand lies; None: not there, or nobody knows."""
        address = self.address(operand)
        return address[1] if address and address[0] == FRAME else None

    def value(self, operand):
        if operand.type == x86.X86_OP_REG and operand.size == 4:
            return self.state.get(self.reg_name(operand.reg))
        if operand.type == x86.X86_OP_MEM and operand.size == 4:
            at = self.place(operand)
            return self.state.words.get(at) if at is not None else None
        return None

    def store(self, operand, value):
        if operand.type == x86.X86_OP_REG:
            self.state.set(WIDE.get(self.reg_name(operand.reg)), value if operand.size == 4 else None)
            return
        at = self.place(operand)
        if at is not None:
            if at + operand.size > 0 and at < 4:
                raise Undecided("its return address is overwritten")
            self.state.forget_words(at, operand.size)
            if value is not None and operand.size == 4:
                self.state.words[at] = value


def shifted(value, by):
    return (value[0], value[1] + by) if value else None


def execute(function, found, known):
    """What is known behind an instruction."""
    operands, mnemonic = Operands(found, known), found.mnemonic
    if mnemonic == "std":
        raise Undecided(f"{function.code.place(found.address)} sets DF")
    if mnemonic == "push":
        value = operands.value(found.operands[0])
        known.set("esp", shifted(known.get("esp"), -4))
        put(known, known.get("esp"), value)
    elif mnemonic == "pop":
        value = taken(known)
        operands.store(found.operands[0], value)
    elif mnemonic == "leave":
        known.set("esp", known.get("ebp"))
        known.set("ebp", taken(known))
    elif mnemonic == "mov":
        operands.store(found.operands[0], operands.value(found.operands[1]))
    elif mnemonic == "lea":
        operands.store(found.operands[0], operands.address(found.operands[1]))
    elif mnemonic in ("add", "sub") and found.operands[1].type == x86.X86_OP_IMM:
        by = found.operands[1].imm if mnemonic == "add" else -found.operands[1].imm
        operands.store(found.operands[0], shifted(operands.value(found.operands[0]), by))
    elif mnemonic == "call":
        for name in CHANGED_BY_CALLS:
            known.set(name, None)
        target = found.operands[0]
        popped = function.callees.popped(target.imm) if target.type == x86.X86_OP_IMM else \
            function.popped_at.get(found.address, 0)
        known.set("esp", shifted(known.get("esp"), popped))
    else:
        forget_changed(operands, found, known)


def put(known, at, value):
    if at is None or at[0] != FRAME:
        raise Undecided("ESP is not known any more")
    known.forget_words(at[1], 4)
    if value is not None:
        known.words[at[1]] = value


def taken(known):
    at = known.get("esp")
    if at is None or at[0] != FRAME:
        raise Undecided("ESP is not known any more")
    known.set("esp", shifted(at, 4))
    return known.words.get(at[1])


def forget_changed(operands, found, known):
    """Any other instruction: what it writes is not known."""
    for operand in found.operands:
        if operand.type == x86.X86_OP_MEM and operand.access & capstone.CS_AC_WRITE:
            operands.store(operand, None)
    if found.mnemonic in ("pushfd", "popfd"):
        known.set("esp", shifted(known.get("esp"), -4 if found.mnemonic == "pushfd" else 4))
        if found.mnemonic == "pushfd":
            put(known, known.get("esp"), None)
        return
    _, written = found.regs_access()
    for number in written:
        name = WIDE.get(found.reg_name(number))
        if name:
            known.set(name, None)
