"""The CPU's rules against the emulator: each instruction that the proofs use, in random states, one step of QEMU each.

The machine is stopped in the kernel; the instruction is put into a scratch area, the registers and the stack get random
content, QEMU executes it, and everything must be as the rule says: registers, flags that are defined, segments, EIP,
memory. While it steps, QEMU delivers no interrupt.
"""

import contextlib
import os
import random
import socket
import struct
import subprocess
import sys
import time

import z3

import evaluate
import explore
import rules_control
import rules_data
import words
from cpu import AC, ARITHMETIC, DEFINED, DF, FIXED, ID, IF, NT, REGISTERS, SEGMENTS, VIF, VIP, anything
from machine_code import ROOT

sys.path[:0] = [os.path.join(ROOT, "tools", "labs"), os.path.join(ROOT, "tools", "run")]

import emulator  # noqa: E402
import probe  # noqa: E402

NAME, TEXT = "CPU", "the rules are those of the emulator"
AREA = 1024  # bytes of the scratch area's middle that hold random content
SECONDS = 120
EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x55555555)
DATA_SELECTORS = (0, 0x23, 0x10)
LOADED = ARITHMETIC | DF | AC | ID | NT | IF  # of EFLAGS in a random state
EMULATOR_LEAVES = {"iretd": VIF | VIP}  # which the manual has it load; QEMU 7.2 does not
VECTOR = 0x21  # of an interrupt that is delivered
SKIPPED = ("call", "ud2", "out")  # CALL is PUSH and JMP; OUT changes a device only


class Form:
    """An instruction as a function: from registers, flags and memory to what they are behind it."""

    def __init__(self, instruction, content, rule=None):
        self.instruction, self.content = instruction, content
        rule = rule or rules_data.RULES[instruction.mnemonic]
        state = anything()
        self.begin = state.copy()
        self.inputs = {**{name: state.get(name) for name in (*REGISTERS, "ds", "es")}}
        state.eip = instruction.address
        ways = rule(state, *instruction.operands) or [(z3.BoolVal(True), None)]
        target = words.word(0)
        for condition, place in ways:
            place = words.word(instruction.next if place is None else place) if not z3.is_expr(place) else place
            target = z3.If(condition, place, target)
        self.written = [(address, count) for address, count, _ in state.written]
        outputs = [state.get(name) for name in REGISTERS] + [state.eflags, z3.simplify(target)]
        outputs += [state.get(name) for name in SEGMENTS]
        allowed = z3.simplify(z3.And([fault.required for fault in state.faults])) if state.faults else z3.BoolVal(True)
        memory = [state.load(address, count) for address, count in self.written]
        self.function = evaluate.Function([z3.simplify(each) for each in (
            allowed, *outputs, *[address for address, _ in self.written], *memory)])
        self.ignored = rules_data.UNDEFINED.get(instruction.mnemonic, 0) | EMULATOR_LEAVES.get(instruction.mnemonic, 0)
        self.unknowns = {name: str(value) for name, value in self.inputs.items()}
        self.eflags = next(str(each) for each in z3.z3util.get_vars(self.begin.eflags))

    def values(self, state):
        found = Values({self.unknowns[name]: state[name] for name in self.inputs})
        found[self.eflags] = state["eflags"]
        return found


def delivery(code, place):
    """The delivery of an interrupt, from ring 0: INT n, for which the CPU does the same (SDM vol. 3, 6.12.1)."""
    content = bytes((0xCD, VECTOR))
    handler = code.image.word(code.symbols["interrupt_entry_table"] + 4 * VECTOR)

    def deliver(state, _vector):
        rules_control.deliver_interrupt(state, words.word(place + len(content)), handler)
        return [(z3.BoolVal(True), handler)]
    return Form(code.decode(content, place), content, deliver)


class Values(dict):
    """An undefined flag is 0: it is not compared."""

    def __missing__(self, key):
        return 0


def forms(code, addresses):
    """The instructions at these addresses, each encoding once, by mnemonic."""
    found = {}
    for address in sorted(addresses):
        instruction = code.at(address)
        content = code.bytes(address, instruction.size)
        if instruction.mnemonic not in SKIPPED and instruction.mnemonic in rules_data.RULES:
            found.setdefault(instruction.mnemonic, {})[content] = instruction
    return found


class Machine:
    """QEMU, stopped in the kernel with a scratch area."""

    def __init__(self, connection, code):
        self.probe = probe.Probe(connection, 0)
        self.probe.run_to(code.symbols["nulluser"] if "main" not in code.symbols else code.symbols["main"])
        self.registers = self.probe.request("g")
        self.code, self.place = code, code.symbols["exit_stack"] + 256
        self.stack = code.symbols["exit_stack"] + 4096
        self.base = self.stack - AREA // 2
        self.elsewhere = {}  # bytes of the kernel's data, which no instruction here changes

    def write(self, address, content):
        if self.probe.request(f"M{address:x},{len(content):x}:{content.hex()}") != "OK":
            raise RuntimeError(f"QEMU does not write to {address:#x}")

    def read(self, address, count):
        return bytes.fromhex(self.probe.request(f"m{address:x},{count:x}"))

    def byte(self, content, address):
        if self.base <= address < self.base + AREA:
            return content[address - self.base]
        if address not in self.elsewhere:
            self.elsewhere[address] = self.read(address, 1)[0]
        return self.elsewhere[address]

    def set_registers(self, values):
        names = [*REGISTERS, "eip", "eflags", "cs", "ss", "ds", "es"]
        packed = struct.pack(f"<{len(names)}I", *[values[name] for name in names]).hex()
        if self.probe.request("G" + packed + self.registers[len(packed):]) != "OK":
            raise RuntimeError("QEMU does not take the registers")

    def set(self, state, eip):
        """A state of a counterexample."""
        for address, value in state["stack"]:
            self.write(address, value.to_bytes(4, "little"))
        self.set_registers({**state["registers"], "eip": eip})

    def step(self, state, eip, content):
        """Executes one instruction; the registers and the stack's content behind it."""
        self.write(self.base, content)
        self.set_registers({**state, "eip": eip, "cs": 8, "ss": 0x10})
        self.probe.request("s")
        return self.probe.registers(), self.read(self.base, AREA)


@contextlib.contextmanager
def machine(code, image):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        stub = ("-S", "-chardev", f"socket,id=stub,fd={theirs.fileno()}", "-gdb", "chardev:stub")
        description = emulator.Machine(image, clock="deterministic", console="null", extra=stub)
        with emulator.emulator(description, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               pass_fds=(theirs.fileno(),)):
            theirs.close()
            ours.settimeout(SECONDS)
            yield Machine(ours, code)


def random_state(source, instruction, stack):
    """Registers and flags, so that memory operands lie in the scratch area."""
    value = lambda: source.choice(EDGES) if source.random() < 0.3 else source.getrandbits(32)  # noqa: E731
    state = {name: value() for name in REGISTERS}
    if source.random() < 0.2:
        state["edx"] = state["eax"]
    state["esp"] = stack + 4 * source.randrange(-16, 16)
    for operand in instruction.operands:
        base, index = getattr(operand, "base", None), getattr(operand, "index", None)
        if index:
            state[index] = 0
        if base and base != "esp":
            state[base] = (stack - operand.displacement + 4 * source.randrange(-16, 16)) & 0xFFFFFFFF
        if getattr(operand, "name", None) in ("ds", "es") or instruction.mnemonic == "mov":
            state["ecx"] = source.choice(DATA_SELECTORS) if "ds" in instruction.text or "es" in instruction.text \
                else state["ecx"]
    state["eflags"] = source.getrandbits(32) & LOADED | FIXED
    state["ds"], state["es"] = source.choice((0x23, 0x10)), source.choice((0x23, 0x10))
    return state


def random_content(source, instruction, state, base):
    """Of the stack; for the instructions that load selectors or an address from there, often what they accept."""
    content = bytearray(source.randbytes(AREA))
    at = state["esp"] - base
    if instruction.mnemonic == "iretd":
        user = source.random() < 0.5
        frame = (source.getrandbits(32), 0x1B if user else 0x08, source.getrandbits(32) & DEFINED & ~0x20000,
                 source.getrandbits(32), 0x23)
        struct.pack_into("<5I", content, at, *frame)
    if any(getattr(operand, "name", None) in ("ds", "es") for operand in instruction.operands):
        for place in range(at, at + 64, 4):
            struct.pack_into("<I", content, place, source.choice(DATA_SELECTORS))
    return bytes(content)


def difference(form, expected, result, behind, content, base):
    """What differs from what the rule expects, as a text; None if nothing does."""
    names = [*REGISTERS, "eflags", "eip", *SEGMENTS]
    for name, want in zip(names, expected[1:]):
        mask = DEFINED & ~form.ignored if name == "eflags" else 0xFFFFFFFF
        if result[name] & mask != want & mask:
            return f"{name} is {result[name]:08x} in the emulator, {want:08x} by the rule"
    after, first, count = bytearray(content), 1 + len(names), len(form.written)
    for address, value, (_, size) in zip(expected[first:first + count], expected[first + count:], form.written):
        after[address - base:address - base + size] = value.to_bytes(size, "little")
    if bytes(after) != behind:
        at = next(i for i in range(AREA) if after[i] != behind[i])
        return f"the byte at {base + at:08x} is {behind[at]:02x} in the emulator, {after[at]:02x} by the rule"
    return None


def check(form, there, source, count):
    """Runs one encoding in so many states. Returns a difference as a text, or None."""
    there.write(there.place, form.content)
    done = 0
    while done < count:
        state = random_state(source, form.instruction, there.stack)
        content = random_content(source, form.instruction, state, there.base)
        expected = form.function(form.values(state), lambda address: there.byte(content, address))
        if not expected[0]:
            continue  # the rule does not speak of this state
        found = difference(form, expected, *there.step(state, there.place, content), content, there.base)
        if found:
            given = "  ".join(f"{name} {value:08x}" for name, value in state.items())
            return f"{form.instruction.text}: {found}\n    before: {given}"
        done += 1
    return None


def at_place(code, instruction, content, place):
    """The instruction as it is at the scratch area; a jump has another target there."""
    return code.decode(content, place) if instruction.address != place else instruction


def report(code, image, count, line):
    """Checks count states for each mnemonic; prints a line. Returns 1 if there is a difference."""
    begin, states, found = time.monotonic(), 0, forms(code, explore.EXECUTED)
    source = random.Random(1)
    with machine(code, image) as there:
        chosen = [(Form(at_place(code, instruction, content, there.place), content), -(-count // len(encodings)))
                  for encodings in found.values() for content, instruction in encodings.items()]
        for form, each in [*chosen, (delivery(code, there.place), count)]:
            differs = check(form, there, source, each)
            if differs:
                line(NAME, TEXT, time.monotonic() - begin, "DIFFERS")
                print(f"    {differs}")
                return 1
            states += each
    line(NAME, TEXT, time.monotonic() - begin, f"{len(found) + 1} instructions, {states} states")
    return 0
