"""The system calls that programs make in a recording, each with its arguments and result: for `calls`.

A program of ring 0 calls the kernel's functions, one of ring 3 traps, by int or sysenter. Both return to an instruction
of the program with the stack as before the call; there the result is in EAX.
"""

import json

import gdb

import kernel_data
import recorded
from kernel_data import WORD, function_address, register, symbol_address, word
from recorded import Place
from stack import Stack

LONGEST = 40  # characters of a text that are shown
MOST = 10_000  # calls that are kept; each costs about 4 msec

# Of <xinu/prototypes.h> and <xinu/device.h>; an image has some of them.
NAMES = ("create upcreate upcreatev upcreatecap upcreatelim resume suspend kill exit getpid getprio chprio yield ready "
         "sleep sleepms unsleep semcreate semdelete wait signal signaln semreset semcount send receive recvclr "
         "recvtime "
         "cbsignal dreamvac getmem freemem getstk freestk open close read write getc putc control seek init getdev "
         "mkbufpool getbuf freebuf ptcreate ptsend ptrecv ptdelete ptreset").split()
PARAMETERS = {"sbrk": 1, "spawn": 1, "ioperm": 3, "uptime": 0, "exit": 0, "halt": 0}  # as ring 3 alone has them

RESULTS = {-1: "SYSERR", -2: "EOF", -3: "TIMEOUT"}  # <xinu/types.h>
SYSERR = -1


class Call:
    """One call of a program."""

    def __init__(self, name, arguments, kind, caller):
        """kind: gdb's type of the result; None if it is not known."""
        self.at, self.msec = recorded.session.position(), kernel_data.clock()
        self.pid = kernel_data.current_pid()
        self.process = kernel_data.name_of(kernel_data.process(self.pid))
        self.name, self.arguments, self.kind, self.caller = name, arguments, kind, caller
        self.result = None  # EAX

    def value(self):
        """The result as a number with a sign, in the width of its type; None if there is none."""
        if self.result is None or (self.kind is not None and self.kind.code == gdb.TYPE_CODE_VOID):
            return None
        bits = 8 * self.kind.sizeof if self.kind is not None else 32
        low = self.result & (1 << bits) - 1
        return low - (1 << bits) if low >> bits - 1 else low

    def failed(self):
        return self.value() == SYSERR

    def text(self):
        """As C would write it."""
        value = self.value()
        if self.result is None:
            result = "  (has not returned)"
        elif value is None:
            result = ""
        else:
            result = " = " + (RESULTS.get(value) or shown(self.typed(), self.pid))
        return f"{self.name}({', '.join(self.arguments)}){result}"

    def typed(self):
        kind = self.kind if self.kind is not None else gdb.lookup_type("int")
        return gdb.Value((self.result & WORD).to_bytes(4, "little")[:kind.sizeof], kind)


def shown(value, pid, longest=LONGEST):
    """A value as the log shows it: functions by their names, texts as they are at this moment."""
    kind = value.type.strip_typedefs()
    if kind.code != gdb.TYPE_CODE_PTR:
        return str(int(value)) if kind.code == gdb.TYPE_CODE_INT else value.format_string()
    target, address = kind.target().strip_typedefs(), int(value) & WORD
    if address and target.unqualified() != target and target.sizeof == 1:  # const char *: what the kernel reads
        return text_at(address, longest)
    if address and target.code in (gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_VOID):
        return kernel_data.function_name(address, pid)
    return f"{address:#x}" if address else "NULL"


def text_at(address, longest):
    """A text in C's quotes, up to so many characters."""
    found = b""
    try:
        while len(found) <= longest and b"\0" not in found:
            found += kernel_data.memory(address + len(found), 1)
    except gdb.GdbError:  # the text goes on where there is no memory
        return f"{address:#x}"
    text = found.split(b"\0")[0]
    quoted = json.dumps(text[:longest].decode("latin-1"), ensure_ascii=False)
    return quoted + ("..." if len(text) > longest == LONGEST else "")


def arguments_of(name, kind, words):
    """The arguments of a call as texts. kind: gdb's type of the function; words: what the caller has passed."""
    pid, texts = kernel_data.current_pid(), []
    for field in kind.fields():
        count = -(-field.type.sizeof // 4)
        taken = b"".join(word.to_bytes(4, "little") for word in words[:count])
        longest = min(words[1], LONGEST) if name == "write" and len(words) > 1 else LONGEST  # it has no end of its own
        texts.append(shown(gdb.Value(taken[:field.type.sizeof], field.type), pid, longest))
        words = words[count:]
    return texts


class Log:
    """The calls of a recording, in order."""

    def __init__(self):
        self.calls, self.pending, self.returns, self.places = [], {}, {}, {}
        self.complete = True

    def read(self):
        """Finds all calls in one pass."""
        notes = {}
        for name in NAMES:
            symbol = kernel_data.kernel_file().lookup_global_symbol(name)
            if symbol is not None and symbol.type.code == gdb.TYPE_CODE_FUNC:
                notes[function_address(name)] = lambda name=name, kind=symbol.type: self.note_ring0(name, kind)
        for name in "system_call_entry", "sysenter_entry":
            notes[symbol_address(name)] = lambda fast=name == "sysenter_entry": self.note_trap(fast)
        self.program = symbol_address("kernel.app_text"), symbol_address("kernel.etext")
        self.handlers = kernel_data.variable("system_call_handlers")
        recorded.survey(notes)
        for place in self.returns.values():
            place.delete()
        return self

    def note_ring0(self, name, kind):
        """At the first instruction of a call."""
        esp = register("esp")
        back = word(esp)
        if self.program[0] <= back < self.program[1]:
            words = [word(esp + 4 + 4 * i) for i in range(sum(-(-field.type.sizeof // 4) for field in kind.fields()))]
            self.begin(Call(name, arguments_of(name, kind, words), kind.target(), self.place(back)), back, esp + 4)

    def note_trap(self, fast):
        """At the first instruction of the kernel."""
        esp = register("esp")
        if not fast and word(esp + 4) & 3 == 0:  # from ring 0
            return
        back, their_esp = (register("edx"), register("ecx")) if fast else (word(esp), word(esp + 12))
        name = self.trap_name(register("eax"))
        if name == "cbnext":  # no program makes it: the return page does
            return
        symbol = kernel_data.kernel_file().lookup_global_symbol(name)
        words = [register(each) for each in ("ebx", "esi", "edi")]
        if name not in PARAMETERS and symbol is not None and symbol.type.code == gdb.TYPE_CODE_FUNC:
            kind, arguments = symbol.type.target(), arguments_of(name, symbol.type, words)
        else:
            kind, arguments = None, [f"{each:#x}" for each in words[:PARAMETERS.get(name, 3)]]
        self.begin(Call(name, arguments, kind, self.place(word(register("ebp") + 4))), back, their_esp)

    def trap_name(self, number):
        """The name of this system call, by that of its handler."""
        first, last = self.handlers.type.range()
        if not first <= number <= last:
            return f"system call {number}"
        return kernel_data.location(int(self.handlers[number])).split("(")[0].split("::")[-1].removeprefix("handle_")

    def place(self, back):
        """Where the call with this return address is."""
        pid = kernel_data.current_pid()
        key = back, kernel_data.program_name(pid)
        if key not in self.places:
            self.places[key] = Stack(pid).location(back, 1)
        return self.places[key]

    def begin(self, call, back, esp):
        """Waits for the return of a call to this instruction, with this ESP."""
        if len(self.calls) == MOST:
            self.complete = False
            return
        self.calls.append(call)
        self.pending[back, esp, call.pid] = call
        if back not in self.returns:
            self.returns[back] = Place(back, lambda: self.end(back))

    def end(self, back):
        call = self.pending.pop((back, register("esp"), kernel_data.current_pid()), None)
        if call is not None:
            call.result = register("eax")
