"""One process, instruction by instruction: its stack as the kernel describes it, its frames, its process table entry.

A Film steps the machine and takes a snapshot before each instruction. What the entry code calls is one step, but for
callbacks, of which each line is a step.
"""

import gdb

import kernel_data
import native
import recorded
from kernel_data import RETURN_PAGE, WORD, in_program, register, symbol_address, word
from stack import Stack

MOST_STEPS = 600  # of one film
MOST_INSTRUCTIONS = 2000  # of a callback, without what it calls
CALL, CALL_INDIRECT = 0xE8, 0xFF
CALL_ON_STACK = b"\xff\x54\x24"  # call *n(%esp)
TRAPS = ((0xCD, 0x30), (0x0F, 0x34))  # int $0x30, sysenter: the system calls of ring 3
ENTRY_FIELDS = ("pretype", "pralarmreg", "pralarmtime", "prmsgreg", "prhasmsg", "prmsg")
DETOUR_FIELDS = ("running", "arrived", "slot", "original", "vacation")
CODE_FIELDS = ("prcbf1", "prcbf2")


# As the assembler spells them, and so the sources.
SPELLED = {"pusha": "pushal", "popa": "popal", "pushf": "pushfl", "popf": "popfl"}


def spelled(text):
    """An instruction as gdb prints it, with the symbol of a call or jump in place of its number."""
    text, _, symbol = " ".join(text.split()).partition(" <")
    name, _, operands = text.partition(" ")
    name = SPELLED.get(name, name)
    operands = symbol[:-1].split("(")[0] if symbol and operands.startswith("0x") and "," not in operands else operands
    return f"{name} {operands}".strip()


class Instruction:
    """The one at this address."""

    def __init__(self, address):
        found = gdb.selected_inferior().architecture().disassemble(address)[0]
        self.address, self.length = address, found["length"]
        self.text = spelled(found["asm"])
        code = kernel_data.memory(address, 2)
        indirect = code[0] == CALL_INDIRECT and code[1] >> 3 & 7 == 2
        self.is_call = code[0] == CALL or indirect
        self.callee = native.REGISTERS[code[1] & 7] if indirect and code[1] >> 6 == 3 else None  # a register
        self.is_trap = tuple(code) in TRAPS

    def target(self):
        """What it calls: a number in its code, a register, or a word at ESP plus eight bits; None if it is no such
        call."""
        code = kernel_data.memory(self.address, 5)
        if code[0] == CALL:
            return self.after + int.from_bytes(code[1:], "little") & WORD
        if self.callee is not None:
            return register(self.callee)
        return word(register("esp") + code[3]) if code[:3] == CALL_ON_STACK and code[3] < 0x80 else None

    @property
    def name(self):
        return self.text.split()[0]

    @property
    def after(self):
        return self.address + self.length


def source_line(address):
    """(file, line) of a code address; None if there is none."""
    place = gdb.find_pc_line(address)
    return (place.symtab.fullname(), place.line) if place.symtab is not None and place.line else None


def number(value):
    return int(value) & WORD


def in_ring3():
    return register("cs") & 3 == 3


def interrupted():
    """In the first instruction of an interrupt's handler: EIP and ESP of what was interrupted."""
    esp = register("esp")
    return word(esp), word(esp + 12) if word(esp + 4) & 3 else esp + 12


class Film:
    """The steps of one process. moments: the Moments, for lanes and the console."""

    def __init__(self, pid, moments):
        self.pid, self.moments = pid, moments
        self.steps = []
        self.console_base = None

    def seek(self, moment, back=0):
        """Goes to a moment, or so many instructions before it: before an interrupt, if it is that of its handler's
        first instruction."""
        recorded.session.seek(moment.at - back)
        self.console_base = moment.console - self.moments.console()

    # ---- snapshots ----

    def stack(self):
        """The stack that is shown."""
        return Stack(self.pid)

    def source(self):
        """(file, line) of the next instruction; None if there is none."""
        return source_line(register("eip"))

    def lane(self):
        """Of the process that executes the next instruction."""
        return self.moments.lane(kernel_data.current_pid())

    def snap(self, mark=None):
        """Adds the present as a step; mark names what has just happened, for the chapters."""
        stack = self.stack()
        functions = stack.functions()
        instruction = Instruction(register("eip"))
        step = {
            "at": recorded.session.position(), "msec": kernel_data.clock(),
            "by": self.lane(), "running": bool(stack.running),
            "ring": register("cs") & 3, "eip": instruction.address, "insn": instruction.text,
            "call": instruction.is_call,
            "place": stack.location(instruction.address),
            "source": self.source(),
            "esp": functions[0].esp,
            "registers": [register(name) for name in (*native.REGISTERS, "eflags")],
            "words": stack.word_list(),
            "frames": [self.frame(function) for function in functions],
            "entry": self.entry(stack), "console": self.console_base + self.moments.console(),
        }
        if mark:
            step["mark"] = mark
        self.steps.append(step)
        return step

    @staticmethod
    def frame(function):
        side = "program" if in_program(function.eip) else "kernel"
        return {"name": function.name, "place": function.place, "esp": function.esp, "cfa": function.cfa, "side": side}

    @staticmethod
    def entry(stack):
        """The fields of the process table entry that a detour is about; addresses of code with their names."""
        entry, detour = stack.entry, stack.entry["prdetour"]
        fields = {"prstate": kernel_data.state_name(entry["prstate"]), "prstkptr": number(entry["prstkptr"])}
        fields |= {name: number(entry[name]) for name in ENTRY_FIELDS}
        fields |= {f"prdetour.{name}": number(detour[name]) for name in DETOUR_FIELDS}
        for name in CODE_FIELDS:
            registered = {"prcbf1": "pralarmreg", "prcbf2": "prmsgreg"}[name]
            fields[name] = stack.location(number(entry[name])) if fields[registered] else ""
        original = fields["prdetour.original"]
        fields["original"] = stack.location(original, 1) if original else ""
        return fields

    # ---- steps ----

    def go_to(self, address, esp=None, pid=None):
        """Runs to this address: in this process, if any, and with the stack at least as high as `esp`."""
        stop = gdb.Breakpoint(f"*{address:#x}", internal=True)
        try:
            while True:
                gdb.execute("continue", to_string=True)
                if recorded.session.at_end():
                    raise gdb.GdbError("the recording ends in the middle of a story")
                if register("eip") == address and (esp is None or register("esp") >= esp) and \
                        (pid is None or pid == kernel_data.current_pid()):
                    return
        finally:
            stop.delete()

    def step(self, into_kernel=False):
        """Executes one instruction; a call, a system call, and an interrupt that comes in before it, to its end, but
        for a system call that leads into_kernel. Returns whether it was an interrupt."""
        instruction, esp, pid = Instruction(register("eip")), register("esp"), kernel_data.current_pid()
        gdb.execute("stepi", to_string=True)
        if register("eip") == symbol_address("clkdisp"):
            self.go_to(*interrupted(), pid)
            return True
        trapped = instruction.is_trap and not in_ring3() and not into_kernel
        if trapped or (instruction.is_call and register("esp") < esp):
            self.go_to(instruction.after, esp, pid)
        return False

    def enter_callback(self, instruction):
        """Executes the call of a callback, and then its lines."""
        esp, after = register("esp"), instruction.after
        gdb.execute("stepi", to_string=True)
        self.snap("callback")
        begin = gdb.block_for_pc(register("eip"))
        while begin is not None and begin.function is None:
            begin = begin.superblock
        line = source_line(register("eip"))
        for _ in range(MOST_INSTRUCTIONS):
            self.step()
            if register("eip") == after and register("esp") == esp:
                break
            inside = begin is not None and begin.start <= register("eip") < begin.end
            if inside and source_line(register("eip")) != line:
                line = source_line(register("eip"))
                self.snap("line")
        else:
            self.go_to(after, esp, self.pid)
        self.snap("callback returned")

    def until(self, done):
        """Steps, with a snapshot before each instruction, until done()."""
        mark = None
        while not done():
            if len(self.steps) >= MOST_STEPS:
                raise gdb.GdbError("this detour is too long for a story")
            self.snap(mark)
            instruction = Instruction(register("eip"))
            if instruction.callee is not None and in_program(register(instruction.callee)):
                self.enter_callback(instruction)
                self.steps.pop()  # the same moment is the first of the next round
                mark = "callback returned"
            else:
                mark = "interrupt" if self.step(into_kernel=instruction.address >= RETURN_PAGE) else None

    def until_home(self, eip, esp):
        self.until(lambda: (register("eip"), register("esp")) == (eip, esp) and
                   kernel_data.current_pid() == self.pid)
        self.snap("home")

    def changes(self, after, mark):
        """Executes a function that changes this process's stack or entry, up to the address `after`, where it returns
        to. Of its instructions, those that change something are kept, and the first and last."""
        esp, seen = register("esp"), []
        while register("eip") != after or register("esp") <= esp:
            seen.append(self.snap(None if seen else mark))
            self.step()
            if len(self.steps) > MOST_STEPS:
                raise gdb.GdbError("this is too long for a story")
        seen.append(self.snap("changed"))
        state = [(step["words"], step["entry"]) for step in seen]
        ends = {0, len(seen) - 1}
        dropped = [id(step) for i, step in enumerate(seen)
                   if i not in ends and state[i - 1] == state[i] == state[i + 1]]
        self.steps = [step for step in self.steps if id(step) not in dropped]
