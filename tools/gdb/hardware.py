"""What the CPU and the devices of a PC do at the instructions by which a kernel sets them up, in words and with the
values of this moment: the tables that they remember, the ports that are written."""

import re

from film import Instruction
from kernel_data import WORD, memory, register, symbol_address, word

SPEAKS = re.compile(r"(lgdt|lidt)l?\b|(ltr|out|sti|hlt)\b|mov +%\w+,%cr")  # gdb's text of such an instruction
CR0_BITS = {31: "paging", 16: "write protection for the kernel itself", 0: "protection"}
INPUT_HERTZ = 1193182  # of the timer: 8254 datasheet, IBM PC
INITIALIZE, RATE = 0x11, 0x34  # command of the 8259A; mode 2 of the 8254's channel 0
PORTS = {0x20: "controller 1", 0x21: "controller 1", 0xA0: "controller 2", 0xA1: "controller 2", 0x40: "timer",
         0x43: "timer"}
FOLLOWED_BY = {0x20: 0x21, 0xA0: 0xA1, 0x43: 0x40}  # a command, and where its data comes


class Devices:
    """What the hardware does, in words. Instructions must be asked for in order: what a byte means to a device depends
    on those before it."""

    def __init__(self):
        self.written = {}  # port: the values that it got

    def effect(self):
        """Of the next instruction."""
        name, _, operands = Instruction(register("eip")).text.partition(" ")
        if name == "out":
            return self.output(register("eax") & 0xFF, operands.split(",")[1])
        if name == "mov":
            source, target = re.fullmatch(r"%(\w+),%(cr\d)", operands).groups()
            return control_register(target, register(source))
        if name == "ltr":
            return f"ltr: remembers where the task segment is (selector {register(wide(operands)) & 0xFFFF:#x}), in " \
                   "which an entry from ring 3 finds the kernel stack"
        if name.startswith(("lgdt", "lidt")):
            table = operand_address(operands)
            limit, base = word(table) & 0xFFFF, word(table + 2)
            return (segments if name.startswith("lgdt") else gates)(base, limit)
        return {"sti": "sti: lets interrupts in", "hlt": "hlt: sleeps until the next interrupt"}[name]

    def output(self, value, port):
        port = int(port[1:], 16) if port.startswith("$") else register("edx") & 0xFFFF
        if port == 0x43 or (port in (0x20, 0xA0) and value == INITIALIZE):
            self.written.pop(FOLLOWED_BY[port], None)
        values = self.written.setdefault(port, [])
        values.append(value)
        meaning = (timer if port in (0x40, 0x43) else controller)(port, values)
        return f"{PORTS.get(port, 'a device')} takes {value:#04x} at port {port:#x}: {meaning}"


def wide(name):
    """The 32-bit register that has this one as its lower half."""
    return "e" + name.lstrip("%")


def operand_address(text):
    """Where `-0x6(%ebp)` is."""
    offset, base = re.fullmatch(r"(-?0x[0-9a-f]+)?\(%(\w+)\)", text).groups()
    return register(base) + int(offset or "0", 16) & WORD


def segments(base, limit):
    return f"lgdt: remembers where the segment table is ({base:08x}, {(limit + 1) // 8} descriptors)"


def gates(base, limit):
    """The trap table, with the vectors of the clock and of system calls."""
    table = memory(base, limit + 1)
    handlers = {}
    for vector in range(len(table) // 8):
        gate = table[8 * vector:8 * vector + 8]
        handlers[int.from_bytes(gate[:2] + gate[6:], "little")] = vector
    found = [f"{handlers[symbol_address(name)]} leads to {name}"
             for name in ("clkdisp", "system_call_entry") if symbol_address(name) in handlers]
    return f"lidt: remembers where the trap table is ({base:08x}, {len(table) // 8} gates): " + ", ".join(found)


def control_register(name, value):
    if name == "cr3":
        return f"CR3: remembers where the page directory is ({value:08x})"
    before = register(name)
    bits = [text for bit, text in CR0_BITS.items() if name == "cr0" and value & ~before & 1 << bit]
    return f"{name.upper()}: {before:08x} becomes {value:08x}; turns on {' and '.join(bits) or 'nothing'}"


def controller(port, values):
    """What an 8259A makes of the last byte: its start is a command and three bytes of data, then data is a mask."""
    if port in (0x20, 0xA0):
        return "begins anew" if values[-1] == INITIALIZE else "a command"
    return {1: f"its lines have the vectors from {values[-1]} on", 2: "how the two are connected",
            3: "the mode for this CPU"}.get(len(values), open_lines(values[-1]))


def open_lines(mask):
    """The lines that a controller lets through."""
    lines = [str(line) for line in range(8) if not mask & 1 << line]
    return f"lets only {'line' if len(lines) == 1 else 'lines'} {', '.join(lines)} through" if lines else \
        "lets nothing through"


def timer(port, values):
    """What an 8254 makes of it: the mode of channel 0, and then how many periods are between two interrupts."""
    if port == 0x43:
        return "channel 0 shall interrupt again and again" if values[-1] == RATE else "another mode"
    if len(values) < 2:
        return "the low half of a number of periods"
    periods = values[0] | values[1] << 8
    msec = 1000 * periods / INPUT_HERTZ
    return f"starts; interrupts every {periods} periods of {INPUT_HERTZ} Hz, which is {msec:.3f} msec"
