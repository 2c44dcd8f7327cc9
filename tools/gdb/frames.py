"""In backtraces, the names of the functions that an interrupt or a detour has entered, where gdb says `<signal handler
called>`: it knows how to go through their frames, but takes every such frame for one of Unix."""

import gdb
from gdb.FrameDecorator import FrameDecorator


class NamedFrame(FrameDecorator):
    """A frame under the name of its function, without its parameters: gdb adds their values."""

    def function(self):
        return self.inferior_frame().name() or "??"

    def address(self):
        frame = self.inferior_frame()
        return frame.pc() if frame.type() == gdb.SIGTRAMP_FRAME else super().address()


class FunctionNames:
    """A frame filter."""

    name = "detour-names"
    enabled = True
    priority = 100

    @staticmethod
    def filter(frames):
        return map(NamedFrame, frames)


gdb.frame_filters[FunctionNames.name] = FunctionNames()
