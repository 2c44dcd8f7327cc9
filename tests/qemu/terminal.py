#!/usr/bin/env python3
"""Sits at the terminal of a machine: types when it sees what it waits for, at the speed of a serial line.

Usage: terminal.py [--typed-rate BYTES] [--read-rate BYTES] [--screen] IMAGE.elf [EXPECTED TYPED]...

Waits for each EXPECTED text behind the one before, and then types TYPED (both with Python's escapes, such as \\r;
@FILE types a file). Rates are in bytes a second; without one, as fast as possible. With --screen, it types at the
keyboard of a machine with a VGA instead, and waits until the text is anywhere in its video memory. Prints the console,
and at the end, with --screen, a line `screen:` and the rows of the video memory. Exit code: as of run.py, or 1 if
EXPECTED did not come.
"""

import argparse
import contextlib
import fcntl
import os
import pathlib
import re
import select
import socket
import subprocess
import sys
import time

TOOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "run")
sys.path.insert(0, TOOLS)

import emulator  # noqa: E402
import qmp  # noqa: E402

SECONDS = 120  # on a busy host
PIECE = 64  # bytes that are typed or read at once, with a rate
COLUMNS, ROWS = 80, 204  # the whole video memory: which of its rows are shown, the VGA knows
KEYS = {"\r": "ret", " ": "spc", "\b": "backspace", "\t": "tab", "!": "shift-1", "-": "minus", "\x03": "ctrl-c",
        "\x1b[A": "up", "\x1b[B": "down", "\x1b[C": "right", "\x1b[D": "left"}  # under QEMU's names


class Paced:
    """How many bytes are allowed by now, at this rate."""

    def __init__(self, rate):
        self.rate, self.begin, self.done = rate, time.monotonic(), 0

    def allowed(self):
        if self.rate is None:
            return 65536
        left = int((time.monotonic() - self.begin) * self.rate) - self.done
        return max(0, min(left, PIECE))


class Serial:
    """The serial line: what it shows, and what is typed there."""

    def __init__(self, qemu, options):
        self.qemu = qemu
        self.text, self.pending = b"", b""
        self.typing, self.reading = Paced(options.typed_rate), Paced(options.read_rate)
        os.set_blocking(qemu.stdin.fileno(), False)
        if options.read_rate:
            fcntl.fcntl(qemu.stdout, fcntl.F_SETPIPE_SZ, 4096)  # so that the machine notices

    def type(self, text):
        self.pending += text
        self.typing = Paced(self.typing.rate)

    def work(self):
        """False at the end of the machine."""
        if self.pending and (count := self.typing.allowed()):
            with contextlib.suppress(BlockingIOError):
                written = os.write(self.qemu.stdin.fileno(), self.pending[:count])
                self.pending = self.pending[written:]
                self.typing.done += written
        count = self.reading.allowed()
        if count and select.select([self.qemu.stdout], [], [], 0.005)[0]:
            chunk = os.read(self.qemu.stdout.fileno(), count)
            self.text += chunk
            self.reading.done += len(chunk)
            return bool(chunk)
        time.sleep(0.002)
        return True


class Screen:
    """The VGA's text memory and the keyboard, through QEMU's monitor."""

    def __init__(self, monitor):
        self.monitor = monitor
        self.last = []

    def command(self, line):
        return self.monitor.request("human-monitor-command", **{"command-line": line})

    def rows(self):
        """Those of the video memory; after the end of the machine, what they were."""
        time.sleep(0.1)
        with contextlib.suppress(qmp.QmpError):
            lines = self.command(f"xp /{ROWS * COLUMNS}hx 0xb8000").splitlines()
            cells = [int(word, 16) & 0xFF for line in lines for word in line.partition(":")[2].split()]
            text = bytes(cells).decode("latin-1")
            self.last = [text[i:i + COLUMNS].rstrip() for i in range(0, len(text), COLUMNS)]
        return self.last

    def type(self, text):
        for c in re.findall(r"\x1b\[.|.", text, re.DOTALL):
            key = KEYS.get(c, f"shift-{c.lower()}" if c.isupper() else c)
            with contextlib.suppress(qmp.QmpEnd):  # the key ended the machine
                self.command(f"sendkey {key} 20")
            time.sleep(0.1)


def parse(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--typed-rate", type=int)
    parser.add_argument("--read-rate", type=int)
    parser.add_argument("--screen", action="store_true")
    parser.add_argument("image")
    parser.add_argument("steps", nargs="*")
    options = parser.parse_args(arguments)
    options.steps = list(zip(options.steps[::2], options.steps[1::2], strict=True))
    return options


def to_type(text):
    if text.startswith("@"):
        return pathlib.Path(text[1:]).read_bytes()
    return text.encode().decode("unicode_escape").encode("latin-1")


def carry(serial, steps, screen, deadline):
    """Carries out the steps, until the machine ends. Returns the step that was not reached, or None."""
    begin = 0
    while True:
        if steps:
            expected = steps[0][0].encode().decode("unicode_escape")
            seen = "\n".join(screen.rows()) if screen else serial.text[begin:].decode("latin-1")
            if expected in seen:
                begin += seen.index(expected) + len(expected)
                typed = to_type(steps.pop(0)[1])
                screen.type(typed.decode("latin-1")) if screen else serial.type(typed)
        if not serial.work() or time.monotonic() > deadline:
            return steps[0][0] if steps else None


def run(options):
    with contextlib.ExitStack() as stack:
        machine, descriptors, screen = emulator.Machine(options.image), (), None
        if options.screen:
            ours, theirs = socket.socketpair()
            stack.enter_context(ours)
            machine = emulator.Machine(options.image, screen="hidden", extra=qmp.arguments(theirs.fileno()))
            descriptors = (theirs.fileno(),)
        qemu, _ = stack.enter_context(emulator.emulator(machine, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                                        bufsize=0, pass_fds=descriptors))
        if options.screen:
            theirs.close()  # the end of QEMU is the end of the socket
            screen = Screen(qmp.Monitor(ours, seconds=SECONDS))
        serial = Serial(qemu, options)
        missing = carry(serial, options.steps, screen, time.monotonic() + SECONDS)
        print(serial.text.decode("latin-1"))
        if screen:
            print("screen:", *screen.rows(), sep="\n")
        if missing is not None:
            print(f"terminal: never seen: {missing}", file=sys.stderr)
            return 1
        return int(emulator.OUTCOME_OF_STATUS.get(qemu.wait(SECONDS), emulator.Outcome.TIMEOUT))


if __name__ == "__main__":
    sys.exit(run(parse(sys.argv[1:])))
