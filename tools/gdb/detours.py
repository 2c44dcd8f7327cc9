"""`detour`: what will happen to a process's detour, and what shows it."""

import gdb

from command import Command
from kernel_data import ALARM, MESSAGE, USER_BEGIN, WORD, clock, parse_pid, require_booted, signed, symbol_address
from stack import Stack, running_pid

FRAME_WORDS = 11  # EDI ... EAX, EIP, CS, EFLAGS
EFLAGS_FIXED, EFLAGS_IF, EFLAGS_OF_PROCESS = 2, 0x200, 0x250FD5  # arch/x86/entry/frames.h
CALL = 0xE8
RETURN_PAGE = 0xBFFFF000
PAGE_BEHIND_CALL = range(2, 9)  # of arch/x86/entry/return_page.S: from the return of a callback to cbnext
UNDER_WAY = "cbnext is under way"
FRAME_CHANGES = ("detour::arch::restore_user_context", "detour::arch::redirect_user")  # of a process in ring 3
KINDS = ("alarm", "message", "vacation")
CODE_SELECTORS = {0: 0x08, 3: 0x1B}


class DetourOf:
    """The detour of a process, pending or running, in words."""

    def __init__(self, pid):
        self.stack = Stack(pid)
        self.entry = self.stack.entry
        self.state = self.entry["prdetour"]
        self.functions = self.stack.functions()
        self.wrong = []

    def place(self, address, back=0):
        return self.stack.location(int(address) & WORD, back)

    def is_code(self, address):
        """Whether the process can execute code there."""
        return not self.place(address).startswith("0x") and (address >= USER_BEGIN) == (int(self.entry["prring"]) == 3)

    def registrations(self):
        if int(self.entry["pralarmreg"]):
            left = signed(int(self.entry["pralarmtime"]) - clock())
            when = f"in {left} msec" if left > 0 else \
                "now: it will run at the next clock interrupt or return of sleepms()"
            yield f"registered: {self.place(self.entry['prcbf1'])}, for an alarm {when}"
        if int(self.entry["prmsgreg"]):
            yield f"registered: {self.place(self.entry['prcbf2'])}, for a message"
        if int(self.state["arrived"]):
            yield "due: a message has arrived; its callback runs at the next clock interrupt or return of sleepms()"
        if int(self.state["vacation"]):
            yield f"asked for: {self.place(self.state['vacation'])}, at the next return of sleepms()"
        names = {ALARM: "alarm", MESSAGE: "message"}
        kinds = [name for bit, name in names.items() if int(self.state["running"]) & bit]
        if kinds:
            yield f"claimed: the {' and the '.join(kinds)} callback; no other of the kind begins before it has returned"

    def planted(self):
        """A return of sleepms() that will lead to cbfreturn."""
        slot, original = int(self.state["slot"]) & WORD, int(self.state["original"]) & WORD
        if not slot or any(function.name == "cbfreturn" for function in self.functions):
            return
        word = self.stack.memory.word(slot)
        found = "no memory" if word is None else f"{word:08x} {self.place(word)}"
        is_original = word == original
        yield f"pending: the return address of sleepms(), at {slot:08x}, " + \
            ("is about to be rewritten, or was put back" if is_original else "was rewritten") + f"; it is {found}"
        yield f"  original: {original:08x} {self.place(original, 1)}, " \
            f"kept in proctab[{self.stack.pid}].prdetour.original"
        yield "  to be restored: what sleepms() leaves in the registers and EFLAGS; cbfreturn pushes them on its way"
        yield "  if the kept address were lost, the process could not go on behind its sleepms()"
        if word != symbol_address("cbfreturn") and not is_original:
            self.wrong.append(f"the word at {slot:08x} is not cbfreturn: sleepms() will return to {found}, "
                              "and the callback will not run there")
        if not self.is_code(original):
            self.wrong.append(f"the kept address {original:08x} is no code")

    def arriving(self):
        """sleepms() returned to cbfreturn, which builds the frame of the detour."""
        for index, function in enumerate(self.functions):
            if function.name != "cbfreturn":
                continue
            yield f"arriving: sleepms() has returned to {function.place}, which builds the frame of the detour"
            if index + 1 == len(self.functions):
                self.wrong.append("the address to which sleepms() was to return is lost: the process cannot go on "
                                  "behind it")
                continue
            home = self.functions[index + 1]
            filled = function.return_slot and self.stack.memory.word(function.return_slot)
            kept = f"in the frame, at {function.return_slot:08x}" if filled else \
                f"in proctab[{self.stack.pid}].prdetour"
            yield f"  original: {home.eip:08x} {home.place}, kept {kept}"
            yield "  to be restored: what sleepms() has left in the registers and EFLAGS"
            yield from self.claimed(function)
            if not self.is_code(home.eip):
                self.wrong.append(f"the kept address {home.eip:08x} is no code")

    def running(self):
        """Each frame that a detour keeps on the stack, innermost first."""
        for index, function in enumerate(self.functions):
            if function.name == "cbfmanager" and function.cfa and index + 1 < len(self.functions):
                yield from self.kept(function, self.functions[index + 1])

    def kept(self, manager, home):
        first = max(manager.cfa - 4 * FRAME_WORDS, min(manager.esp, manager.cfa - 12))
        names = "eax ecx edx ebx esp ebp esi edi".split()
        values = dict(zip(names, home.registers))
        selector, flags = (self.stack.memory.word(manager.cfa - below) or 0 for below in (8, 4))
        yield f"running: {manager.place}; the process was at {home.place}"
        yield f"  to be restored, from the {(manager.cfa - first) // 4} words {first:08x} .. {manager.cfa - 4:08x}:"
        if first == manager.cfa - 4 * FRAME_WORDS:  # else popal consumed them
            yield "    " + "  ".join(f"{name} {values[name]:08x}" for name in names[:4])
            yield "    " + "  ".join(f"{name} {values[name]:08x}" for name in names[4:])
        yield f"    eip {home.eip:08x}  cs  {selector & 0xFFFF:08x}  efl {flags:08x}"
        yield from self.claimed(manager)
        yield "  if one of these words were lost, so were that register, or the place to go on: " \
            "they are kept nowhere else"
        if not self.is_code(home.eip):
            self.wrong.append(f"the kept EIP {home.eip:08x} is no code: iret will fault there")
        if manager.eip < USER_BEGIN:  # the kernel corrects those of ring 3
            self.judge(home, selector, flags)

    def claimed(self, function):
        """The words for callbacks that are still to run."""
        remark = self.remark(function)
        for kind, word, judged in zip(KINDS, function.claimed, function.judged):
            ends = remark.endswith(UNDER_WAY) and word != 0  # its kind may be free again already
            if word:
                yield f"  claimed: {self.place(word)}{remark}"
                remark = ""
            if judged == function.NO_CODE:
                self.wrong.append(f"the word for a claimed {kind} callback is {word:08x}, no code: "
                                  "the process will fault there")
            elif judged == function.UNCLAIMED and not ends:
                self.wrong.append(f"the word for a claimed {kind} callback is {word:08x} {self.place(word)}, "
                                  "but none is claimed: what stands there will be called")

    def remark(self, function):
        """About the first claimed callback: in ring 3 its word stays until cbnext removes it."""
        if function.eip < RETURN_PAGE:
            return ""
        if not function.exact:
            return ", which is running"
        if function.eip - RETURN_PAGE in PAGE_BEHIND_CALL:
            return ", which has returned"
        in_page = self.functions[0].eip == function.eip
        return "" if in_page or function.eip == RETURN_PAGE else f", which has returned, or comes next: {UNDER_WAY}"

    def judge(self, home, selector, flags):
        ring = int(self.entry["prring"])
        if selector & 0xFFFF != CODE_SELECTORS[ring]:
            self.wrong.append(f"the kept CS {selector:08x} is not one of ring {ring}")
        if not flags & EFLAGS_FIXED:
            self.wrong.append(f"the kept EFLAGS {flags:08x} cannot be: bit 1 is always set")
        if stray := flags & ~(EFLAGS_OF_PROCESS | EFLAGS_FIXED):
            self.wrong.append(f"the kept EFLAGS {flags:08x} have bits that no process has ({stray:08x}): "
                              "cbfmanager will end it")
        if not flags & EFLAGS_IF and not self.is_behind_sleepms(home):
            self.wrong.append("the kept EFLAGS have IF clear: the process will go on with interrupts masked")

    def is_behind_sleepms(self, home):
        """Whether the process may have interrupts masked: it was not interrupted there, but called sleepms() before."""
        code, distance = (self.stack.memory.word(home.eip - before) or 0 for before in (5, 4))
        return code & 0xFF == CALL and (home.eip + distance) & WORD == symbol_address("sleepms")

    def judge_calls(self):
        """Whether only calls lead outwards from here."""
        for inner, function in zip(self.functions, self.functions[1:]):
            if function.no_call:
                at = f", at {inner.return_slot:08x}," if inner.return_slot else ""
                self.wrong.append(f"the return address of {inner.name or 'no known function'}{at} is "
                                  f"{function.eip:08x} {function.place}: no call ends there")

    def exchange(self):
        """The kernel function that is exchanging the registers of a process in ring 3, if one is."""
        return next((function.name for function in self.functions if function.name in FRAME_CHANGES), None)

    def describe(self):
        if exchange := self.exchange():
            return [self.stack.title(), *self.registrations(),
                    f"verdict: {exchange} is just exchanging the process's registers "
                    "for those of its callback, or back; ask again when it has returned"]
        facts = [*self.planted(), *self.arriving(), *self.running()]
        self.judge_calls()
        last = self.functions[-1]
        if facts and last.next == last.BROKEN and last.known:
            self.wrong.append(f"the stack cannot be followed behind {last.place}")
        lines = [self.stack.title(), *self.registrations(), *facts]
        if self.wrong:
            return lines + [f"verdict: wrong: {reason}" for reason in self.wrong]
        if not facts:
            about = "a detour is about to begin, or has just ended" if int(self.state["running"]) else \
                "no detour is pending or running"
            return lines + [f"verdict: {about}"]
        astray = next((function for function in self.functions[:-1] if not function.name), None)
        if astray:
            return lines + [f"verdict: all is kept, but control is at {astray.eip:08x}, which is no code: "
                            "who called that will not come back"]
        running = any(line.startswith("running") for line in facts)
        condition = "when the callback has returned, " if running else ""
        return lines + [f"verdict: all is kept; {condition}the process will go on exactly where it was"]


class Detour(Command):
    """detour [PID]
Explain the detour of a process: what is registered or due, whether a return address was rewritten or a callback is
running, where the original is kept, which registers will be restored, and what would be lost if that were overwritten.
The last lines are a verdict: whether the process can go on exactly where it was. A claimed callback that is no code, or
that nothing has claimed, and a return address with no call before it, are wrong.

Without PID: of the process that is running. docs/callbacks.md has the rules."""

    name = "detour"
    takes_arguments = True

    def run(self, arguments):
        if len(arguments) > 1:
            raise gdb.GdbError("detour takes one process id; see `help detour`")
        require_booted()
        pid = parse_pid(arguments[0]) if arguments else running_pid()
        return "\n".join(DetourOf(pid).describe()) + "\n"


Detour()
