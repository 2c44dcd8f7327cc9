"""In backtraces, the names of the functions that an interrupt or a detour has entered, where gdb says `<signal handler
called>`: it knows how to go through their frames, but takes every such frame for one of Unix."""

import gdb
from gdb.FrameDecorator import FrameDecorator


class NamedHandler(FrameDecorator):
    """A frame under the name of its function."""

    def function(self):
        frame = self.inferior_frame()
        return frame.name() or frame.pc()

    def address(self):
        return self.inferior_frame().pc()


class HandlerNames:
    """A frame filter: names the handlers and leaves all other frames alone."""

    name = "detour-handlers"
    enabled = True
    priority = 100

    @staticmethod
    def filter(frames):
        for frame in frames:
            is_handler = frame.inferior_frame().type() == gdb.SIGTRAMP_FRAME
            yield NamedHandler(frame) if is_handler else frame


gdb.frame_filters[HandlerNames.name] = HandlerNames()
