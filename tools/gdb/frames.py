"""What backtraces need beyond the call frame information: the caller of cbfreturn, whose address is not on the
stack."""

import gdb
from gdb.unwinder import Unwinder, register_unwinder

import native
from kernel_data import WORD, forget_addresses, known_address, symbol_address
from stack import Stack, stack_owner

LONGEST = 64  # bytes of cbfreturn, at most
UNCHANGED = ("cs", "ss", "ds", "es", "fs", "gs")


class FrameId:
    def __init__(self, sp, pc):
        self.sp, self.pc = sp, pc


class CallerOfCbfreturn(Unwinder):
    """From cbfreturn, entered or only planted, to where the process resumes: as kernel/unwind/unwind.hpp does."""

    def __init__(self):
        super().__init__("detour-cbfreturn")

    def __call__(self, pending):
        first = known_address("cbfreturn")  # gdb must not look for frames while it builds one
        eip = int(pending.read_register("eip")) & WORD
        if first is None or not first <= eip < first + LONGEST:
            return None
        try:
            return self.caller(pending, first)
        except (gdb.error, gdb.GdbError):
            return None

    @staticmethod
    def caller(pending, first):
        registers = {name: int(pending.read_register(name)) & WORD for name in native.REGISTERS}
        stack = Stack(stack_owner(registers["esp"]), registers)
        functions = stack.functions(2)
        if len(functions) < 2 or functions[0].name != "cbfreturn":
            return None
        cbfreturn, home = functions
        found = pending.create_unwind_info(FrameId(gdb.Value(cbfreturn.cfa), gdb.Value(first)))
        word = pending.architecture().integer_type(32, False)
        for name, value in zip(native.REGISTERS, home.registers):
            found.add_saved_register(name, gdb.Value(value).cast(word))
        flags = stack.memory.word(cbfreturn.cfa - 4) if cbfreturn.esp < cbfreturn.cfa else None
        found.add_saved_register("eflags", pending.read_register("eflags") if flags is None
                                 else gdb.Value(flags).cast(word))
        for name in UNCHANGED:
            found.add_saved_register(name, pending.read_register(name))
        return found


def learn_addresses(event=None):
    """Notes what the unwinder needs, now that gdb has the symbols of another file."""
    forget_addresses()
    for name in ("cbfreturn", "userret"):
        try:
            symbol_address(name)
        except gdb.error:  # not yet
            pass


register_unwinder(None, CallerOfCbfreturn(), replace=True)
gdb.events.new_objfile.connect(learn_addresses)
learn_addresses()
