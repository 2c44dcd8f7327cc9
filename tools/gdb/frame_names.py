"""The names of functions in backtraces where gdb has none, or a wrong one: of those that an interrupt or a detour
entered (gdb says `<signal handler called>`), of a process that has not begun, and of another ring-3 program."""

import re

import gdb
from gdb.FrameDecorator import FrameDecorator

import kernel_data
import native
import threads
from kernel_data import RETURN_PAGE, USER_BEGIN, location, program_name
from stack import Stack

PLACE = re.compile(r"(.+)\+0x\w+ \((.+):(\d+)\)")  # what Stack.location() returns
ARGUMENTS = re.compile(r"\([^()]*\)$")  # of a function, behind its name


class NamedFrame(FrameDecorator):
    """A frame under the name of its function, without its parameters: gdb adds their values."""

    def function(self):
        return self.inferior_frame().name() or "??"

    def address(self):
        frame = self.inferior_frame()
        return frame.pc() if frame.type() == gdb.SIGTRAMP_FRAME else super().address()


class Entry(NamedFrame):
    """The first function of a process that has not begun: ctxsw will return to its first instruction. gdb takes that
    for a return address, and so looks for the function at the byte before it."""

    def function(self):
        return ARGUMENTS.sub("", location(self.inferior_frame().pc()))

    def filename(self):
        symtab = gdb.find_pc_line(self.inferior_frame().pc()).symtab
        return symtab.filename if symtab else None

    def line(self):
        return gdb.find_pc_line(self.inferior_frame().pc()).line or None

    @staticmethod
    def is_one(frame):
        newer = frame.newer()
        return newer is not None and newer.name() == "ctxsw" and "+" not in location(frame.pc())


class OfAnotherProgram(NamedFrame):
    """The innermost frame of a ring-3 program whose symbols gdb has not. The program's own code tables have the place;
    gdb would find the callers by the call frame information of the program whose symbols it has."""

    def __init__(self, base):
        super().__init__(base)
        pid = threads.selected_process()
        # With registers given, none is read: for that, the CPU's thread would be selected, and gdb would forget its
        # frames in the midst of a backtrace.
        stack = Stack(pid, dict.fromkeys(native.REGISTERS, 0))
        place = PLACE.match(stack.location(self.inferior_frame().pc()))
        self.place = place.groups() if place else ("??", None, None)
        self.program = program_name(pid)

    def function(self):
        return f"{self.program}: {self.place[0]}"

    def filename(self):
        return self.place[1]

    def line(self):
        return self.place[2] and int(self.place[2])

    @staticmethod
    def is_one(frame):
        pid = threads.selected_process()  # of the process that runs, gdb has the symbols
        return pid is not None and USER_BEGIN <= frame.pc() < RETURN_PAGE and \
            program_name(pid) != kernel_data.loaded_program


class FunctionNames:
    """A frame filter."""

    name = "detour-names"
    enabled = True
    priority = 100

    @staticmethod
    def filter(frames):
        for each in frames:
            frame = each.inferior_frame()
            if OfAnotherProgram.is_one(frame):
                yield OfAnotherProgram(each)
                return
            yield Entry(each) if Entry.is_one(frame) else NamedFrame(each)


gdb.frame_filters[FunctionNames.name] = FunctionNames()
