"""`wrote`: who wrote a variable last, in a recording.

QEMU runs back to the last write to watched memory, whatever was written, and stops behind the instruction.
"""

import gdb

import backwards
import kernel_data
import recorded
from recorded import RecordingCommand
from restart import breakpoints_off
from stack import page_directory

FRAMES = 10


def parts(value):
    """The members or elements of a value, with what is written behind its name for them."""
    kind = value.type.strip_typedefs()
    if kind.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        return [(f".{field.name}" if field.name else "", value[field]) for field in kind.fields()
                if hasattr(field, "bitpos")]
    if kind.code == gdb.TYPE_CODE_ARRAY and kind.target().sizeof > 1:  # a string is shown whole
        return [(f"[{index}]", value[index]) for index in range(kind.range()[0], kind.range()[1] + 1)]
    return []


def difference(name, before, after):
    """What differs between two values of a variable, as text: the whole, or the one part of it."""
    texts = [value.format_string(pretty_structs=False, max_elements=16) for value in (before, after)]
    pairs = [(suffix, one, other) for (suffix, one), (_, other) in zip(parts(before), parts(after))
             if one.format_string(max_elements=0) != other.format_string(max_elements=0)]
    if len(pairs) == 1:
        suffix, one, other = pairs[0]
        return difference(name + suffix, one, other)
    if texts[0] == texts[1] and parts(before):
        return f"{name}: the values that it had"
    return f"{name}: {texts[0]} -> {texts[1]}"


def is_kernel_code(address):
    return gdb.find_pc_line(address).symtab is not None  # assembly has lines, and no blocks


class Memory:
    """What an expression names: bytes at a fixed address, which keep their type whatever function is current."""

    def __init__(self, text):
        self.text = text
        try:
            value = gdb.parse_and_eval(text)
            self.type, address = value.type, value.address
            optimized_out = value.is_optimized_out
        except gdb.error as error:
            raise gdb.GdbError(f"{text}: {error}") from None
        if optimized_out or address is None or self.type.strip_typedefs().code == gdb.TYPE_CODE_FUNC:
            what = "the compiler has optimized it out" if optimized_out else \
                "it is a register, a bit-field, code, or computed"
            raise gdb.GdbError(f"{text} is nothing in memory: {what}")
        self.address, self.size = int(address) & kernel_data.WORD, self.type.sizeof
        if self.size == 0:
            raise gdb.GdbError(f"{text} has no bytes that could be written")
        self.in_ring3 = kernel_data.USER_BEGIN <= self.address < kernel_data.USER_END
        self.space = self.current_space()
        if self.in_ring3 and self.space is None:
            raise gdb.GdbError(f"{text} is memory of a ring-3 program, and the current process runs none")

    def current_space(self):
        """Whose memory such an address of ring 3 means now; None if nobody's. Others are the same for all."""
        if not self.in_ring3 or not kernel_data.is_booted():
            return None
        pid = kernel_data.current_pid()
        return (pid, int(kernel_data.process(pid)["prbirth"])) if page_directory(pid) else None

    def value(self):
        return gdb.Value(kernel_data.memory(self.address, self.size), self.type)

    def watch(self):
        """A watchpoint, internal to gdb."""
        made = gdb.Breakpoint(f"*(unsigned char (*)[{self.size}]) {self.address:#x}", gdb.BP_WATCHPOINT,
                              gdb.WP_WRITE, internal=True)
        made.silent = True
        if made.type != gdb.BP_HARDWARE_WATCHPOINT:
            made.delete()
            raise gdb.GdbError(f"{self.text} is too large to be watched")
        return made

    def last_write(self):
        """Goes to the last instruction before this moment that writes here, which is then to be executed; returns
        whether there is one."""
        watchpoint = self.watch()
        try:
            while True:
                backwards.run_backwards()
                behind = recorded.session.position()
                if behind == 0:
                    return False
                if isinstance(recorded.session.event, gdb.SignalEvent):
                    raise KeyboardInterrupt
                recorded.session.seek(behind - 1)
                if not kernel_data.is_booted() and not is_kernel_code(kernel_data.register("eip")):
                    return False  # the firmware
                if self.current_space() == self.space:
                    return True
        finally:
            watchpoint.delete()


class Wrote(RecordingCommand):
    """Go back to the last write to a variable, and say who wrote what.

wrote EXPR   any expression that names memory: a variable, `proctab[3].prstate`, `*(unsigned *) 0xc003ffec`
wrote        the write before: to what the last EXPR meant

Shown are the value before and after, the instruction, which is then the next one to be executed, the moment, the
process that was running, and the active functions. The same value may have been written again. A write by the CPU
itself, which pushes words when an interrupt comes, is shown at the interrupted instruction.

A variable of a ring-3 program is that of the current process: writes by others, at the same address, do not count.
Breakpoints are ignored on the way. Where nothing has written, you stay where you are."""

    name = "wrote"
    group = gdb.COMMAND_RUNNING
    takes_expression = True
    last = None  # the Memory

    def run(self, arguments):
        if arguments:
            Wrote.last = Memory(arguments[0])
        if Wrote.last is None:
            raise gdb.GdbError("wrote takes an expression; see `help wrote`")
        found, session = False, recorded.session
        begin, eip = session.position(), kernel_data.register("eip")
        try:
            with breakpoints_off():
                found = self.last.last_write()
        except KeyboardInterrupt:
            raise gdb.GdbError("Interrupted; this is the moment where you were.") from None
        finally:
            if not found:
                recorded.go(begin, eip)
        if not found:
            return f"nothing has written {self.last.text} since the kernel began\n"
        return self.told() + f"(`seek {begin}` leads back to where you were.)\n"

    def told(self):
        """What the next instruction writes."""
        session = recorded.session
        before, position = self.last.value(), session.position()
        head = f"instruction {position}, msec {kernel_data.clock()}, {self.writer()}\n" + \
            gdb.execute("x/i $eip", to_string=True) + gdb.execute(f"backtrace {FRAMES}", to_string=True)
        session.seek(position + 1)
        after = self.last.value()
        session.seek(position)
        return f"{difference(self.last.text, before, after)}\n{head}"

    @staticmethod
    def writer():
        if not kernel_data.is_booted():
            return "before there are processes"
        pid = kernel_data.current_pid()
        return f"process {pid} ({kernel_data.name_of(kernel_data.process(pid))})"


Wrote()
