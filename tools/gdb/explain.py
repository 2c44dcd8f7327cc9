"""`where`: whose code runs, and what shows it."""

import gdb

from command import Command
from kernel_data import RETURN_PAGE, USER_BEGIN, name_of, register, require_booted, symbol_address
from stack import Stack, running_pid

SYSTEM_CALL_ENTRIES = ("system_call_entry", "sysenter_entry")
DETOUR_CODE = ("cbfmanager", "cbfreturn")
DETOUR_CALLS = ("detour_at_return", "detour_finished", "end_for_damaged_frame")  # of DETOUR_CODE, in the kernel
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
            return "kernel code, on nobody's behalf", \
                "no program and no interrupt is on this stack: boot, or the null process"
        inside = next((f for f, inner in zip(self.functions[1:self.at + 1], self.functions)
                       if inner.name in DETOUR_CALLS
                       and f.name in DETOUR_CODE), None)
        if inside:
            return f"the code of a detour: {self.functions[0].name}", \
                f"{inside.place} has called it, for a process's callbacks"
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
        handler = "clkdisp" if function.name == "detour" else function.name  # its label
        return f"an interrupt handler: {handler}", f"{handler} has interrupted {whom}"


def in_callback(functions):
    """Whether the program's code that runs now was entered by a detour."""
    return any(kind(function) == DETOUR for function in functions)


def verdict(functions):
    """(what is executed, how the stack shows it)."""
    kinds = [kind(function) for function in functions]
    if kinds[0] == PROGRAM:
        inside = in_callback(functions)
        stack = "a detour has called it: cbfmanager is on the stack" if inside else \
            "nobody has interrupted or called it"
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


Where()
