"""`layout stack`: the stack of the process in question beside the source, in gdb's text user interface.

The process is the one that runs, or that of the selected thread. Words that are not what they were at the last prompt
are shown in reverse. In a narrow window the arrow keys lead to the rest of the lines, after `focus stack`. gdb draws
the windows, and writes what the machine's console has to say among the commands.
"""

import textwrap

import gdb

import kernel_data
from kstack import described
from names import address_in
from process_view import selected_pid
from stack import Stack

MESSAGE = 38  # columns that a message has in a terminal of 80

REVERSE, NORMAL = "\x1b[7m", "\x1b[m"
LAYOUT = "stack {-horizontal src 1 stack 1} 3 status 0 cmd 1"


def current():
    """The stack that is shown, as lines."""
    try:
        kernel_data.require_booted()
        stack = Stack(selected_pid())
        return stack.title(), described(stack).splitlines()
    except (gdb.error, gdb.GdbError) as error:
        return "stack", textwrap.wrap(str(error), MESSAGE)


class StackWindow:
    """What gdb wants of a window: https://sourceware.org/gdb/current/onlinedocs/gdb/TUI-Windows-In-Python.html"""

    def __init__(self, window):
        self.window, self.first, self.left = window, 0, 0
        self.lines, self.words, self.changed = [], {}, set()
        gdb.events.before_prompt.connect(self.refresh)

    def close(self):
        gdb.events.before_prompt.disconnect(self.refresh)

    def refresh(self):
        """At each prompt: the machine may have run."""
        title, self.lines = current()
        words = {address_in(line): line[12:20] for line in self.lines if address_in(line) is not None}
        self.changed = {address for address, value in words.items() if self.words.get(address, value) != value}
        self.words = words
        if self.window.is_valid():
            self.window.title = title
            self.render()

    def render(self):
        width, height = self.window.width, self.window.height
        shown = []
        for line in self.lines[self.first:self.first + height]:
            text = line[self.left:self.left + width - 1]
            shown.append(f"{REVERSE}{text}{NORMAL}" if address_in(line) in self.changed else text)
        self.window.write("\n".join(shown), True)

    def vscroll(self, count):
        self.first = max(0, min(self.first + count, len(self.lines) - 1))
        self.render()

    def hscroll(self, count):
        longest = max(map(len, self.lines), default=1)
        self.left = max(0, min(self.left + count, longest - 1))
        self.render()


if hasattr(gdb, "register_window_type"):  # not in a gdb without windows
    gdb.register_window_type("stack", StackWindow)
    gdb.execute(f"tui new-layout {LAYOUT}")
