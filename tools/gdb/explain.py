"""`where` and `detour`: whose code runs, and what becomes of a process's detour. Both say by what they know it."""

import gdb

from command import Command
from kernel_data import (ALARM, MESSAGE, USER_BEGIN, WORD, clock, name_of, parse_pid, register, require_booted, signed,
                         symbol_address)
from stack import Stack, running_pid

RETURN_PAGE = 0xBFFFF000
SYSTEM_CALL_ENTRIES = ("system_call_entry", "sysenter_entry")
DETOUR_CODE = ("cbfmanager", "cbfreturn")
FRAME_WORDS = 11  # EDI ... EAX, EIP, CS, EFLAGS
EFLAGS_FIXED = 2
PROGRAM, LIBRARY, ENTRY, KERNEL, DETOUR, NOWHERE = "program", "library", "entry", "kernel", "detour", "nowhere"

REGIONS = (  # of ring 0: (kind, first symbol, symbol behind the last, words)
    (ENTRY, "kernel.entry_text", "kernel.entry_etext", "the kernel's entry code"),
    (LIBRARY, "kernel.library_text", "kernel.library_etext", "the library functions in the kernel"),
    (PROGRAM, "kernel.app_text", "kernel.etext", "the program"),
    (KERNEL, "kernel.text", "kernel.app_text", "the kernel"))


def region(function):
    """Where the code of an active function lies: (kind, words)."""
    address = function.eip
    if RETURN_PAGE <= address < RETURN_PAGE + 0x1000:
        return DETOUR, "the return page of ring 3, at 0xbffff000"
    if address >= USER_BEGIN:
        own = f"({function.place}".split("(")[-1].startswith(("user/lib/", "kernel/", "system/"))
        return (LIBRARY, "the user library, in a ring-3 program") if own else (PROGRAM, "a ring-3 program")
    for kind, begin, end, words in REGIONS:
        low, high = symbol_address(begin), symbol_address(end)
        if low <= address < high:
            return (DETOUR if function.name in DETOUR_CODE else kind), f"{words}: {begin} {low:#x} .. {end} {high:#x}"
    return NOWHERE, "no code of this image: a wild jump?"


def kind(function):
    return region(function)[0]


class Way:
    """How control came to the current instruction, read from the stack: the first function of interest outwards."""

    def __init__(self, functions):
        self.functions = functions
        self.at = next((i for i in range(len(functions)) if self.tells(i)), None)

    def tells(self, index):
        function = self.functions[index]
        return (function.interrupted and function.name not in DETOUR_CODE) or kind(function) == PROGRAM

    def verdict(self):
        """(what is executed, how the stack shows it)."""
        if self.at is None:
            if self.functions[-1].name == "abandon_stack":
                return "kernel code: the end of a process", "it works on the exit stack; the process's own is given up"
            return "kernel code, on nobody's behalf", "no program and no interrupt is on this stack: boot, or the null process"
        function = self.functions[self.at]
        if not function.interrupted:
            called = self.functions[self.at - 1].name or "?"
            return f"a system call: {called}", f"{function.place} has called {called}"
        outer = self.functions[self.at + 1] if self.at + 1 < len(self.functions) else None
        whom = outer.place if outer else "code that the stack does not tell"
        if function.name in SYSTEM_CALL_ENTRIES:
            handler = self.functions[self.at - 1].name if self.at else "the one in EAX"
            call = handler.split("::")[-1].removeprefix("handle_")
            return f"a system call of ring 3: {call}", f"{whom} has trapped into {function.name}"
        if function.name == "user_return":
            return "the way back to ring 3", f"user_return will lead to {whom}"
        return f"an interrupt handler: {function.name}", f"{function.name} has interrupted {whom}"


def in_callback(functions):
    """Whether a detour has led to the program's code that runs now."""
    return any(kind(function) == DETOUR for function in functions)


def verdict(functions):
    """(what is executed, how the stack shows it)."""
    kinds = [kind(function) for function in functions]
    if kinds[0] == PROGRAM:
        inside = in_callback(functions)
        stack = "a detour has called it: cbfmanager is on the stack" if inside else "nobody has interrupted or called it"
        return "user code" + (", in an event callback" if inside else ""), stack
    if kinds[0] == LIBRARY:
        caller = next((f for f, k in zip(functions, kinds) if k != LIBRARY), None)
        whom = caller.place if caller else "nobody that the stack tells"
        return "shared library code", f"called by {whom}"
    if kinds[0] == DETOUR:
        return f"the code of a detour: {functions[0].name}", "it runs a process's callbacks and brings it back"
    if kinds[0] == NOWHERE:
        return "nothing that is code", "the address on top of the stack may tell who came here: kstack"
    return Way(functions).verdict()


class Where(Command):
    """where
Say whose code the current instruction is: user code, a system call, an interrupt handler, shared library
code, or a detour's; and by which evidence: CS, the address, and the stack, whose bottom is the function that
was given to create(), and on which the way from there is read.

(gdb's own `where` is another name of `backtrace`, which stays.)"""

    name = "where"

    def run(self, arguments):
        require_booted()
        stack = Stack(running_pid())
        if not stack.running:
            raise gdb.GdbError(f"ESP {register('esp'):08x} lies on no process's stack; `info registers` shows the rest")
        functions = stack.functions()
        what, how = verdict(functions)
        selector = register("cs")
        bottom = [f for f in functions if f.name not in ("userret", "_start")]
        return (f"{functions[0].place} is {what}\n"
                f"  CS       {selector:#06x}: ring {selector & 3}\n"
                f"  address  {functions[0].eip:#010x}: {region(functions[0])[1]}\n"
                f"  stack    of process {stack.pid} ({name_of(stack.entry)}); its bottom is {bottom[-1].name or '?'}, "
                f"which began the process\n"
                f"           {how}\n")


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

    def registrations(self):
        if int(self.entry["pralarmreg"]):
            left = signed(int(self.entry["pralarmtime"]) - clock())
            when = f"in {left} msec" if left > 0 else "now: it will run at the next clock interrupt or return of sleepms()"
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
        slot, home = int(self.state["slot"]) & WORD, int(self.state["home"]) & WORD
        if not slot:
            return
        word = self.stack.memory.word(slot)
        found = "no memory" if word is None else f"{word:08x} {self.place(word)}"
        yield f"pending: the return address of sleepms(), at {slot:08x}, was rewritten; it is {found}"
        yield f"  original: {home:08x} {self.place(home, 1)}, kept in proctab[{self.stack.pid}].prdetour.home"
        yield "  to be restored: what sleepms() leaves in the registers and EFLAGS; cbfreturn pushes them on its way"
        yield "  if the kept address were lost, the process could not go on behind its sleepms()"
        if word != symbol_address("cbfreturn"):
            self.wrong.append(f"the word at {slot:08x} is not cbfreturn: sleepms() will return to {found}, and the callback "
                              "will not run there")
        if self.place(home).startswith("0x"):
            self.wrong.append(f"the kept address {home:08x} is no code")

    def running(self):
        """Each frame that a detour keeps on the stack, innermost first."""
        for index, function in enumerate(self.functions):
            if function.name in DETOUR_CODE and function.cfa and index + 1 < len(self.functions):
                yield from self.kept(function, self.functions[index + 1])

    def kept(self, manager, home):
        first = manager.cfa - 4 * FRAME_WORDS
        names = "eax ecx edx ebx esp ebp esi edi".split()
        values = dict(zip(names, home.registers))
        selector, flags = (self.stack.memory.word(manager.cfa - below) or 0 for below in (8, 4))
        waiting = [self.stack.memory.word(at) for at in range(manager.esp, first, 4)]
        yield f"running: {manager.place}; the process was at {home.place}"
        yield f"  to be restored, from the {FRAME_WORDS} words {first:08x} .. {manager.cfa - 4:08x}:"
        yield "    " + "  ".join(f"{name} {values[name]:08x}" for name in names[:4])
        yield "    " + "  ".join(f"{name} {values[name]:08x}" for name in names[4:])
        yield f"    eip {home.eip:08x}  cs  {selector & 0xFFFF:08x}  efl {flags:08x}"
        for callback in filter(None, waiting):
            yield f"  claimed: {self.place(callback)}"
        yield "  if one of these words were lost, so were that register, or the place to go on: they are kept nowhere else"
        self.judge(home, selector, flags)

    def judge(self, home, selector, flags):
        ring = int(self.entry["prring"])
        if self.place(home.eip).startswith("0x"):
            self.wrong.append(f"the kept EIP {home.eip:08x} is no code: iret will fault there")
        if selector & 3 != ring:
            self.wrong.append(f"the kept CS {selector:08x} is not one of ring {ring}")
        if not flags & EFLAGS_FIXED:
            self.wrong.append(f"the kept EFLAGS {flags:08x} cannot be: bit 1 is always set")
        if not flags & 0x200:
            self.wrong.append("the kept EFLAGS have IF clear: the process will go on with interrupts masked")
        if self.functions[-1].next == self.functions[-1].BROKEN:
            self.wrong.append(f"the stack cannot be followed behind {self.functions[-1].place}")

    def describe(self):
        facts = [*self.planted(), *self.running()]
        lines = [self.stack.title(), *self.registrations(), *facts]
        if self.wrong:
            return lines + [f"verdict: wrong: {reason}" for reason in self.wrong]
        if not facts:
            about = "a detour is about to begin, or has just ended" if int(self.state["running"]) else \
                "no detour is pending or running"
            return lines + [f"verdict: {about}"]
        astray = next((function for function in self.functions[:-1] if not function.name), None)
        if astray:
            return lines + [f"verdict: all is kept, but control is at {astray.eip:08x}, which is no code: who called that "
                            "will not come back"]
        running = any(line.startswith("running") for line in facts)
        condition = "when the callback has returned, " if running else ""
        return lines + [f"verdict: all is kept; {condition}the process will go on exactly where it was"]


class Detour(Command):
    """detour [PID]
Explain the detour of a process: what is registered or due, whether a return address was rewritten or a callback
is running, where the original is kept, which registers will be restored, and what would be lost if that were
overwritten. The last lines are a verdict: whether the process can go on exactly where it was.

Without PID: of the process that is running. docs/callbacks.md has the rules."""

    name = "detour"
    takes_arguments = True

    def run(self, arguments):
        if len(arguments) > 1:
            raise gdb.GdbError("detour takes one process id; see `help detour`")
        require_booted()
        pid = parse_pid(arguments[0]) if arguments else running_pid()
        return "\n".join(DetourOf(pid).describe()) + "\n"


Where()
Detour()
