"""A terminal for tests: a program runs in it, keys are typed, and the test reads what is on its screen.

The terminal is a vt52, for which ncurses uses few and simple sequences; so a few lines of code make a complete screen.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

ROWS, COLUMNS = 40, 100


class Screen:
    """What a vt52 shows. The sequences that gdb sends to every terminal (colours) are left out."""

    def __init__(self):
        self.lines = [[" "] * COLUMNS for _ in range(ROWS)]
        self.row = self.column = 0
        self.pending = ""

    def write(self, text):
        self.pending += text
        while match := re.match(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1bY(.)(.)|\x1b([^Y[])|([^\x1b])", self.pending, re.DOTALL):
            self.pending = self.pending[match.end():]
            row, column, command, character = match.groups()
            if row:
                self.row, self.column = min(ord(row) - 32, ROWS - 1), min(ord(column) - 32, COLUMNS - 1)
            elif command:
                self.obey(command)
            elif character:
                self.put(character)

    def obey(self, command):
        if command in "ABCD":
            down, right = {"A": (-1, 0), "B": (1, 0), "C": (0, 1), "D": (0, -1)}[command]
            self.row = min(max(self.row + down, 0), ROWS - 1)
            self.column = min(max(self.column + right, 0), COLUMNS - 1)
        elif command == "H":
            self.row = self.column = 0
        elif command == "I":
            self.scroll(-1)
        elif command in "JK":
            self.lines[self.row][self.column:] = [" "] * (COLUMNS - self.column)
            if command == "J":
                self.lines[self.row + 1:] = [[" "] * COLUMNS for _ in range(ROWS - self.row - 1)]

    def scroll(self, rows):
        """The cursor goes to the next row or the previous one; at the edge, all lines scroll instead."""
        if 0 <= self.row + rows < ROWS:
            self.row += rows
        elif rows > 0:
            self.lines = [*self.lines[1:], [" "] * COLUMNS]
        else:
            self.lines = [[" "] * COLUMNS, *self.lines[:-1]]

    def put(self, character):
        if character == "\n":
            self.scroll(1)
        elif character == "\r":
            self.column = 0
        elif character == "\b":
            self.column = max(self.column - 1, 0)
        elif character == "\t":
            self.column = min(self.column // 8 * 8 + 8, COLUMNS - 1)
        elif character >= " ":
            self.lines[self.row][self.column] = character
            self.column = min(self.column + 1, COLUMNS - 1)

    def text(self):
        return "\n".join("".join(line).rstrip() for line in self.lines).rstrip()


class Terminal:
    """A program in a terminal of its own; it ends with the block."""

    def __init__(self, command, environment, seconds):
        self.deadline = time.monotonic() + seconds
        self.screen, self.written = Screen(), ""
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, {**environment, "TERM": "vt52"})
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if not self.ended():
            os.kill(self.pid, signal.SIGTERM)
            os.waitpid(self.pid, 0)
        os.close(self.master)

    def ended(self):
        try:
            return os.waitpid(self.pid, os.WNOHANG)[0] != 0
        except ChildProcessError:
            return True

    def type(self, line):
        os.write(self.master, (line + "\r").encode())

    def read(self, seconds):
        """Reads what the program writes; False if it writes nothing in this time, or has ended."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            text = os.read(self.master, 65536).decode(errors="replace")
        except OSError:
            return False
        self.written += text
        self.screen.write(text)
        return True

    def until(self, shown):
        """Returns what is on the screen when this pattern is on it, and nothing more arrives."""
        while not re.search(shown, self.screen.text()) or self.read(0.5):
            if time.monotonic() > self.deadline:
                raise AssertionError(f"{shown!r} does not come; the screen is:\n{self.screen.text()}")
            self.read(0.5)
        return self.screen.text()
