"""Runs inside gdb: stops at every instruction of the kernel's assembly, and checks that the callers are found from
there.

At the first instruction of an entry the interrupted registers are still in the CPU. They are noted there, from the CPU
and not by unwinding, and must be found from each later instruction of the same entry, by gdb's own unwinder and by ours
(kernel/unwind/unwind.hpp). Both must agree about each function from there outwards, and end where the process began.
"""

import itertools
import re

import gdb

import native
from kernel_data import USER_BEGIN, current_pid, process, symbol_address, word
from stack import Stack, running_pid

FUNCTIONS = ("clkdisp", "clkdisp_from_user", "cbfreturn", "cbfmanager", "ctxsw", "irq_entry", "exception_entry",
             "system_call_entry", "sysenter_entry", "userret")
RETURN_PAGE = 0xBFFFF000
FRAME_EIP = 32  # INTERRUPT_FRAME_EIP
STUBS = (6, 36, 39, 48)  # vectors that the program uses; 48 comes by system_call_entry
ENTRIES = (*FUNCTIONS, "vector_stubs", "detour", "user_return")
NO_FRAME = "run_with_registers"  # assembly in a program of ring 3, without call frame information and with a wild EBP
ENDS = ("userret", "_start", "abandon_stack", NO_FRAME)
VISITS = 2  # of an instruction, with the same functions on the stack
MOST_VISITS = 8
MOST_ENTRIES = 600  # there are many: the clock skips to its next tick at each stop


def instructions(begin, end):
    """The addresses of the instructions in this range."""
    return [entry["addr"] for entry in gdb.selected_inferior().architecture().disassemble(begin, end - 1)]


def first_popal(begin):
    """Where a function first takes the registers from the stack."""
    listing = gdb.selected_inferior().architecture().disassemble(begin, begin + 100)
    return next(entry["addr"] for entry in listing if entry["asm"].startswith("popa"))


def size_of(name):
    """Bytes of a function in assembly, up to the next symbol."""
    begin = symbol_address(name)
    end = begin + 1
    while re.fullmatch(rf"{name}( \+ \d+)? in section .*",
                       gdb.execute(f"info symbol {end:#x}", to_string=True).strip().replace("user_return", name)):
        end += 1
    return end - begin


def is_in_page(address):
    return address >= RETURN_PAGE


def registers_of(frame):
    """What gdb knows of a frame's registers."""
    found = {}
    for name in (*native.REGISTERS, "eflags", "cs", "es"):
        value = frame.read_register(name)
        if not value.is_optimized_out:
            found[name] = int(value) & 0xFFFFFFFF
    return found


def frames_of_gdb():
    """Registers of all functions that gdb finds, innermost first; inlined ones are part of the others, and a planted
    return address is none."""
    frame, found = gdb.newest_frame(), []
    while frame is not None:
        if frame.type() != gdb.INLINE_FRAME and frame.name() != "cbfreturn_planted":
            found.append((frame.name(), registers_of(frame)))
        frame = frame.older()
    return found


class Proof:
    def __init__(self):
        self.truths = {}  # of (process, CFA): the registers of the code that entered there
        self.last, self.kept = {}, {}  # of processes of ring 3: when it entered last, and before its detour
        self.visits, self.failures, self.stops, self.where = {}, [], 0, ""
        self.breakpoints = {}
        self.places = {name: symbol_address(name) for name in FUNCTIONS}
        for name in FUNCTIONS:
            begin = symbol_address(name)
            self.watch(instructions(begin, begin + size_of(name)))
        table = symbol_address("interrupt_entry_table")
        stubs = [word(table + 4 * vector) for vector in STUBS]
        for vector, begin in zip(STUBS, stubs):
            self.watch(instructions(begin, word(table + 4 * vector + 4)))
        # At these the CPU just pushed EIP, CS and EFLAGS, and from ring 3 ESP and SS.
        self.trapped = {self.places["clkdisp"], self.places["system_call_entry"], *stubs}
        # The frame is complete: on the way to ring 3.
        self.exits = {symbol_address("user_return"), first_popal(self.places["sysenter_entry"])}
        self.entries = {*self.trapped, *self.exits,
                        *(self.places[name] for name in ("ctxsw", "cbfreturn", "sysenter_entry"))}

    def watch(self, addresses):
        for address in addresses:
            if address not in self.breakpoints:
                # Not by a software breakpoint: if there is one a byte before, gdb takes that for the one that was hit.
                self.breakpoints[address] = gdb.Breakpoint(f"*{address:#x}", gdb.BP_HARDWARE_BREAKPOINT, internal=True)
                self.breakpoints[address].silent = True

    # ---- the truth ----

    def note_entry(self, pid):
        """At the first instruction of an entry: notes what the caller's registers are."""
        now = registers_of(gdb.newest_frame())
        esp, eip = now["esp"], now["eip"]
        to_page = eip in self.exits and is_in_page(word(esp + FRAME_EIP))
        if to_page and pid in self.last and not is_in_page(self.last[pid]["eip"]):
            self.kept[pid] = self.last[pid]  # a detour begins
        others = {}
        if eip in self.trapped:
            cs = word(esp + 4)
            others = {"eip": word(esp), "cs": cs, "eflags": word(esp + 8),
                      "esp": word(esp + 12) if cs & 3 else esp + 12}
            self.note(pid, esp + 12, now, others)
        elif eip == self.places["ctxsw"]:
            self.note(pid, esp + 4, now, {"eip": word(esp), "esp": esp + 4})
        elif eip == self.places["cbfreturn"]:
            self.note(pid, esp, now, {"eip": int(process(pid)["prdetour"]["original"]) & 0xFFFFFFFF})
        elif eip == self.places["sysenter_entry"]:
            others = {"eip": now["edx"], "esp": now["ecx"], "eflags": None, "cs": None}
            self.note(pid, esp - 8, now, others)
        if others and others["eip"] >= USER_BEGIN:
            self.last[pid] = {**now, **others}
            if eip != self.places["clkdisp"]:
                self.last[pid]["eax"] = None  # the result of the system call
            self.truths[pid, esp - 8 if others["cs"] is None else esp + 12] = self.last[pid]

    def note(self, pid, cfa, now, others):
        self.truths[pid, cfa] = {**now, **others}

    # ---- the checks ----

    def check(self):
        pid = running_pid()
        self.note_entry(pid)
        stack = Stack(pid)
        ours = stack.functions()
        key = tuple(function.eip for function in ours)
        if self.visits.get(key, 0) >= VISITS:
            return
        self.visits[key] = self.visits.get(key, 0) + 1
        theirs = frames_of_gdb()
        if pid != current_pid():  # a switch: gdb has the other process's address space and symbols
            theirs = list(itertools.takewhile(lambda frame: frame[1]["eip"] < USER_BEGIN, theirs))
        self.where = f"process {pid}: " + " < ".join(function.place for function in ours)
        self.compare(ours, theirs)
        self.compare_with_truth(pid, ours, theirs)
        self.compare_end(pid, ours, theirs)

    def fail(self, message):
        self.failures.append(f"{self.where}: {message}")

    def compare(self, ours, theirs):
        for number, (function, (name, registers)) in enumerate(zip(ours, theirs)):
            for index, register in enumerate(native.REGISTERS):
                if register in registers and registers[register] != function.registers[index]:
                    self.fail(f"frame {number}: {register} is {registers[register]:08x} to gdb, "
                              f"{function.registers[index]:08x} to us")

    def compare_with_truth(self, pid, ours, theirs):
        detoured = self.kept.get(pid)
        for number, (function, caller) in enumerate(zip(ours, ours[1:])):
            truth = detoured if is_in_page(function.eip) else self.truths.get((pid, function.cfa))
            if not all(self.breakpoints[entry].enabled for entry in self.entries):
                truth = None  # it may belong to an earlier entry, which ended at the same place
            if truth is None or function.name not in ENTRIES or (number > 0 and function.eip in self.entries):
                continue  # the last: interrupted before it could be noted
            if is_in_page(caller.eip) and not is_in_page(truth["eip"]):
                detoured = truth  # redirected to cbfmanager, which has these registers on the stack
                continue
            if is_in_page(truth["eip"]) and not is_in_page(caller.eip):
                truth = detoured  # cbnext put them back
                if truth is None:
                    self.fail("what was before the detour is not known")
                    continue
            self.compare_registers(caller, number, truth, theirs[number + 1][1] if number + 1 < len(theirs) else truth)

    def compare_registers(self, caller, number, truth, others):
        found = dict(zip(native.REGISTERS, caller.registers))
        found.update((name, others.get(name)) for name in ("eflags", "cs", "es"))
        for name, value in truth.items():
            if value is not None and found[name] != value:
                self.fail(f"{name} of {caller.place}, from frame {number}, is {found[name] or 0:08x}, but was "
                          f"{value:08x}")

    def compare_end(self, pid, ours, theirs):
        last = ours[-1]
        if last.name not in ENDS or (last.next == last.BROKEN) != (last.name == NO_FRAME):
            self.fail(f"our last frame is {last.place}")
        name, registers = theirs[-1]
        if len(theirs) < len(ours) and ours[len(theirs)].eip >= USER_BEGIN and pid != current_pid():
            return
        if registers["eip"] not in (last.eip, 0):  # 0: beyond code without call frame information
            self.fail(f"gdb's last frame is {name} at {registers['eip']:08x}")

    def run(self, stops):
        """Lets the program run, with a check at each stop."""
        while self.stops < stops and gdb.selected_inferior().pid:
            try:
                gdb.execute("continue", to_string=True)
                pc = gdb.newest_frame().pc()
            except gdb.error:
                break  # the machine ended
            if pc not in self.breakpoints:
                break
            self.stops += 1
            self.check()
            self.count(pc)

    def count(self, pc):
        self.visits[pc] = self.visits.get(pc, 0) + 1
        if self.visits[pc] >= (MOST_ENTRIES if pc in self.entries else MOST_VISITS):
            self.breakpoints[pc].enabled = False

    def report(self):
        unseen = sorted(address for address in self.breakpoints if address not in self.visits)
        for message in dict.fromkeys(self.failures):
            gdb.write(f"WRONG {message}\n")
        for address in unseen:
            gdb.write("unseen " +
                      gdb.execute(f"info symbol {address:#x}", to_string=True).split(" in section")[0] + "\n")
        gdb.write(f"{self.stops} stops at {len(self.breakpoints) - len(unseen)} of {len(self.breakpoints)} "
                  f"instructions, {len(self.failures)} wrong\n")


def prove(stops=5000):
    gdb.execute("set backtrace past-main on")
    gdb.execute("set breakpoint always-inserted on")
    proof = Proof()
    proof.run(stops)
    proof.report()
