"""The stacks of any process, word by word and function by function, and the command `bt`."""

import ctypes

import gdb

import native
from command import Command
from kernel_data import (USER_BEGIN, USER_END, WORD, current_pid, kernel_file, memory, name_of, parse_pid, process,
                         process_limit, register, require_booted, stack_range, state_name, symbol_address,
                         user_space, variable)

PAGE = 4096
PIECE = 1024  # bytes that are read at a time: a stack needs little of a page, and gdb reads at a few MB a second
PRESENT = 1
USER_STACK = (0xBEFEF000, 0xBEFFF000)  # <xinu/userspace.h>
EXIT_STACK = ("exit_stack", "exit_stack_top")


def page_directory(pid):
    """The physical address of the page directory of a process in ring 3; 0 for one of ring 0."""
    return int(variable("detour::user_registers")["_M_elems"][pid]["directory"])


def physical(directory, address):
    """The kernel address of a user address of this address space, by the identity mapping; None if it is not mapped."""
    entry = directory
    for index in (address >> 22, address >> 12 & 0x3FF):
        entry = int.from_bytes(memory((entry & -PAGE) + 4 * index & WORD, 4), "little")
        if not entry & PRESENT:
            return None
    return (entry & -PAGE) + address % PAGE


class Memory:
    """The machine's memory as a process sees it, whichever process runs. It is read in pieces, once each."""

    def __init__(self, directory):
        self.directory, self.pieces = directory, {}

    def piece(self, address):
        if address not in self.pieces:
            self.pieces[address] = self.read_piece(address)
        return self.pieces[address]

    def read_piece(self, address):
        try:
            if USER_BEGIN <= address < USER_END:
                where = physical(self.directory, address) if self.directory else None
                return memory(where, PIECE) if where is not None else None
            return memory(address, PIECE)
        except gdb.GdbError:
            return None

    def word(self, address):
        """The word at an address of any alignment; None where there is no memory."""
        first, last = (self.piece(byte & -PIECE & WORD) for byte in (address, address + 3))
        if first is None or last is None:
            return None
        inside = first[address % PIECE:address % PIECE + 4]
        return int.from_bytes(inside + last[:4 - len(inside)], "little")


_tables = {}  # of files that were read: path and time of the last change


def kernel_tables():
    """The code tables of the image: constants, which are read from its file."""
    path = kernel_file().filename
    if path not in _tables:
        first, end = symbol_address("code_tables"), symbol_address("code_tables_end")
        before = gdb.parameter("trust-readonly-sections")
        gdb.execute("set trust-readonly-sections on", to_string=True)
        try:
            _tables[path] = memory(first, end - first)
        finally:
            gdb.execute(f"set trust-readonly-sections {'on' if before else 'off'}", to_string=True)
    return _tables[path]


def program_tables(pid):
    """The code tables of the program that a ring-3 process runs: its ELF file lies in the image."""
    program = user_space(pid)["program"].dereference()
    key = int(program["first"])
    if key not in _tables:
        file = memory(key, int(program["bytes"]))
        offset = native.Word()
        size = native.library().find_section(file, len(file), b".code_tables", ctypes.byref(offset))
        _tables[key] = file[offset.value:offset.value + size]
    return _tables[key]


class Stack:
    """The stacks of a process, as the kernel's own code describes them."""

    def __init__(self, pid, registers=None):
        """registers: of one of the functions on it, by name, if the description should begin there."""
        self.pid, self.entry = pid, process(pid)
        self.given = registers
        directory = page_directory(pid)
        low, end = self.kernel_range()
        self.kernel = (low, end - 4 & WORD)  # the highest word is STACKMAGIC
        self.user = USER_STACK if directory else (0, 0)
        self.memory = Memory(directory)
        self.running = registers is not None or self.is_running()
        self.tables = (kernel_tables(), program_tables(pid) if directory else b"")
        self.description = self.describe()

    def kernel_range(self):
        return stack_range(self.entry)

    def holds(self, address):
        return any(low <= address <= end != 0 for low, end in (self.kernel, self.user))

    def is_running(self):
        """Whether the CPU works on this process's stacks. Between two processes, currpid is ahead of the CPU."""
        esp = register("esp")
        if self.user[0] <= esp <= self.user[1] != 0:
            return self.pid == current_pid()  # other processes have a stack at that address too
        exit_low, exit_end = map(symbol_address, EXIT_STACK)
        return self.holds(esp) or (exit_low <= esp <= exit_end and self.pid == current_pid())

    def registers(self):
        if self.given is not None:
            return [self.given[name] for name in native.REGISTERS]
        if self.running:
            return [register(name) for name in native.REGISTERS]
        values = dict.fromkeys(native.REGISTERS, 0)
        values["esp"] = int(self.entry["prstkptr"]) & WORD
        values["eip"] = self.memory.word(symbol_address("ctxsw_resumption")) or 0
        return list(values.values())

    def describe(self):
        """The struct for the library. It keeps what it points to alive."""
        detour = self.entry["prdetour"]
        slot = int(detour["slot"]) & WORD
        original = int(detour["original"]) & WORD
        buffers = [ctypes.create_string_buffer(tables, len(tables)) for tables in self.tables]
        result = native.Process(
            *(ctypes.cast(buffer, ctypes.c_void_p) for buffer in buffers), *map(len, self.tables),
            symbol_address("userret"), symbol_address("cbfreturn"), slot, original, int(detour["running"]),
            *self.kernel, *self.user, self.pid, (native.Word * len(native.REGISTERS))(*self.registers()), 1,
            native.Reader(self.read))
        result.buffers = buffers
        return result

    def read(self, address, word):
        value = self.memory.word(address)
        if value is not None:
            word[0] = value
        return value is not None

    def title(self):
        where = "running" if self.running else "switched out"
        return f"process {self.pid} ({name_of(self.entry)}), {state_name(self.entry['prstate'])}, {where}"

    def words(self, most=WORD):
        return native.library().stack_words(ctypes.byref(self.description), native.Word(most)).decode(errors="replace")

    def word_list(self):
        """The same words as tuples: address, value, kind (an index of native.KINDS), role; low addresses first."""
        first = ctypes.POINTER(native.DescribedWord)()
        count = native.library().list_words(ctypes.byref(self.description), ctypes.byref(first))
        return [(word.address, word.value, word.kind, word.role) for word in first[:count]]

    def backtrace(self):
        return native.library().active_functions(ctypes.byref(self.description)).decode(errors="replace")

    def functions(self, most=200):
        """The active functions, innermost first, as ActiveFunctions."""
        found = (native.ActiveFunction * most)()
        return found[:native.library().list_functions(ctypes.byref(self.description), found, most)]

    def location(self, address, back=0):
        """`function+offset (file:line)` of a code address; the number if it is no code."""
        text = native.library().code_address(ctypes.byref(self.description), address, back)
        return text.decode(errors="replace") or f"{address:#010x}"


def stack_owner(esp):
    """The process on whose stack of ring 0 this address lies: the current one, if on none."""
    current, entries = current_pid(), variable("proctab")
    for pid in (current, *range(process_limit())):
        low, end = stack_range(entries[pid])
        if int(entries[pid]["prstate"]) != 0 and low <= esp < end:
            return pid
    return current


def running_pid():
    """The process on whose stack the CPU works: currpid, but for the moment of a switch."""
    current = current_pid()
    esp = register("esp")
    in_ring0 = not USER_BEGIN <= esp < USER_END
    return stack_owner(esp) if in_ring0 and not Stack(current).running else current


class Backtrace(Command):
    """bt [PID]
Print the active functions of a process, innermost first, through interrupts and from ring to ring.

With the id of a process: of that process, wherever it is switched out. Without an argument, or with
options, it is gdb's own `backtrace`: of the current function. (`backtrace 3` limits that to three frames.)"""

    name = "bt"
    takes_arguments = True

    def run(self, arguments):
        if len(arguments) != 1 or not (arguments[0].isdigit() or arguments[0].startswith("$")):
            return gdb.execute("backtrace " + " ".join(arguments), to_string=True)
        stack = Stack(parse_pid(arguments[0]))
        return f"{stack.title()}\n{stack.backtrace()}"


Backtrace()
