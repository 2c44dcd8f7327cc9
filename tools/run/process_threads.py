"""The kernel's processes as threads for gdb: which there are, their registers, and where their memory is.

All is read from the process table of the stopped machine, and nothing of it is trusted: the kernel may be damaged. A
process that is switched out has EIP and ESP, and its segment registers: it is inside ctxsw, which will take all others
from its stack, and its call frame information says from where.
"""

import dataclasses
import json
import subprocess
from xml.sax.saxutils import quoteattr

import environment
import gdb_session

CPU = 1  # QEMU's number of its only processor
FIRST_PROCESS = 1000  # the number of a process's thread is this and its id; tools/gdb/threads.py has the same two
PAGE, PRESENT = 4096, 1
PIECE = 2048  # bytes: QEMU's longest packet is 4096 characters
# In gdb's order for i386: EAX to EDI, EIP, EFLAGS, CS, SS, DS, ES, FS, GS, and others.
ESP, EIP, CS, FS, GS, INTEGER_REGISTERS = 4, 8, 10, 14, 15, 16
SELECTORS = (0x08, 0x10, 0x23, 0x23)  # CS, SS, DS, ES of all kernel code: arch/x86/entry/frames.h


@dataclasses.dataclass
class Process:
    pid: int
    name: str
    state: str
    esp: int  # saved by ctxsw
    stack: range
    running: bool = False


def read_layout(image):
    """Where the image has its process table: what tools/gdb/layout.py writes; None if it has no debug information, or
    if there is no gdb here: that of an editor may have another name."""
    command = ["gdb", "-nx", "-batch", "-ex", f"python import sys; sys.path[:0] = [{gdb_session.GDB!r}]; import layout",
               image]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment.for_gdb())
        return json.loads(done.stdout)
    except (OSError, ValueError):
        return None


def number(data):
    return int.from_bytes(data, "little")


class ProcessTable:
    """The process table of a stopped machine. read(address, count) returns bytes, fewer where memory ends."""

    def __init__(self, layout, read):
        self.layout, self.read_some = layout, read

    def read(self, address, count):
        """These bytes; LookupError where there is no memory."""
        data = b""
        while len(data) < count:
            piece = self.read_some(address + len(data), min(PIECE, count - len(data)))
            if not piece:
                raise LookupError(f"no memory at {address + len(data):#x}")
            data += piece
        return data

    def word(self, address):
        return number(self.read(address, 4))

    def field(self, entry, name):
        offset, size = self.layout["fields"][name]
        return entry[offset:offset + size]

    def entry(self, pid):
        size = self.layout["entry_size"]
        return self.read(self.layout["proctab"] + pid * size, size)

    def entries(self):
        """Pairs (pid, entry) of all processes: there are prcount, but no more are looked for than the table has."""
        size, left = self.layout["entry_size"], self.word(self.layout["prcount"])
        at_once = PIECE // size
        for first in range(0, self.layout["nproc"], at_once):
            if left <= 0:
                return
            count = min(at_once, self.layout["nproc"] - first)
            table = self.read(self.layout["proctab"] + first * size, count * size)
            for index in range(count):
                entry = table[index * size:(index + 1) * size]
                if number(self.field(entry, "prstate")):  # 0: free
                    left -= 1
                    yield first + index, entry

    def process(self, pid, entry):
        state, states = number(self.field(entry, "prstate")), self.layout["states"]
        end = number(self.field(entry, "prstkbase")) + 4
        pages = -(-number(self.field(entry, "prstklen")) // PAGE)
        name = self.field(entry, "prname").split(b"\0")[0]
        return Process(pid, "".join(chr(c) if 0x20 <= c < 0x7F else "?" for c in name),
                       states[state] if state < len(states) else f"state {state}?",
                       number(self.field(entry, "prstkptr")), range(end - pages * PAGE, end))

    def user_registers(self, pid):
        """{name: value} of a ring-3 process, as the kernel keeps them while it does not run; {} of one of ring 0."""
        size = self.layout["user_size"]
        entry = self.read(self.layout["user_registers"] + pid * size, size)
        found = {name: number(self.field(entry, name)) for name in ("directory", "fs", "gs")}
        return found if found["directory"] else {}

    def processes(self, esp):
        """A list of them. The CPU executes the one on whose stack ESP lies; in ring 3 or on no process's stack, it is
        the current one. (In ctxsw, currpid is ahead of the CPU.)"""
        found = [self.process(pid, entry) for pid, entry in self.entries()]
        current = self.word(self.layout["currpid"])
        if found and current < self.layout["nproc"] and current not in {process.pid for process in found}:
            found.append(self.process(current, self.entry(current)))  # it is just ending, and has freed its entry
        on_stack = [process.pid for process in found if esp in process.stack]
        running = current if current in on_stack or not on_stack else on_stack[0]
        for process in found:
            process.running = process.pid == running
        return found

    def physical(self, pid, address):
        """The kernel's address of a user address of this process, by the identity mapping; LookupError if it is not
        mapped. The same address for what all processes share."""
        if not self.layout["user"][0] <= address < self.layout["user"][1]:
            return address
        registers = self.user_registers(pid)
        if not registers:
            return address
        entry = registers["directory"]
        for index in (address >> 22, address >> 12 & 0x3FF):
            entry = self.word((entry & -PAGE) + 4 * index)
            if not entry & PRESENT:
                raise LookupError(f"no page at {address:#x}")
        return (entry & -PAGE) + address % PAGE


def thread_list(processes):
    """The answer to qXfer:threads:read: the CPU, with the process that it executes, and the processes that are switched
    out."""
    lines = {CPU: '<thread id="1" name="CPU"/>'}  # the first; there may be no process
    for process in processes:
        thread, state = (CPU, "running") if process.running else (FIRST_PROCESS + process.pid, process.state)
        lines[thread] = (f'<thread id="{thread:x}" name={quoteattr(process.name)}>'
                         f"process {process.pid}, {state}</thread>")
    return f"<threads>{''.join(lines.values())}</threads>"


def switched_out_registers(cpu, process, resumption, user):
    """The reply to `g` for a process, in hexadecimal digits: x where its register is still on its stack. user: what
    user_registers() returned. In ring 0, FS and GS belong to no process; they are those of the CPU, as are all behind
    the integer registers."""
    known = {ESP: process.esp, EIP: resumption, **dict(enumerate(SELECTORS, CS))}
    registers = ["x" * 8] * INTEGER_REGISTERS
    registers[FS:] = [cpu[8 * register:8 * register + 8].decode() for register in (FS, GS)]
    if user:
        known.update({FS: user["fs"], GS: user["gs"]})
    for register, value in known.items():
        registers[register] = value.to_bytes(4, "little").hex()
    return "".join(registers).encode() + cpu[8 * INTEGER_REGISTERS:]
