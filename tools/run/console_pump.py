"""Carries bytes between the console of a machine, which is QEMU's standard input and output, and ours."""

import os
import selectors
import time

END_OF_INPUT = b"\x04"
ESCAPE = 0x01  # Ctrl-A, as QEMU itself has it on a terminal


class Keyboard:
    """What is typed on our terminal. All of it is for the machine, Ctrl-C too, except what begins with Ctrl-A."""

    def __init__(self, end):
        self.end = end  # called for Ctrl-A X
        self.escaped = False

    def for_machine(self, chunk):
        """What of these bytes is typed at the machine; Ctrl-A Ctrl-A is one Ctrl-A there."""
        typed = bytearray()
        for key in chunk:
            if not self.escaped and key == ESCAPE:
                self.escaped = True
                continue
            if self.escaped and key in b"xX":
                self.end()
            elif not self.escaped or key == ESCAPE:
                typed.append(key)
            self.escaped = False
        return bytes(typed)


class Feeder:
    """Types a stream at the console, or what is typed on our terminal. The first byte of a stream waits until the
    kernel has written one: its serial line is set up by then, and no boot loader consumes the input."""

    def __init__(self, source, pipe, keyboard=None):
        self.source, self.pipe, self.keyboard = source, pipe, keyboard
        self.pending = b""
        self.at_end = False

    def next_chunk(self):
        self.pending = os.read(self.source, 4096) if self.source is not None else b""
        if not self.pending:
            self.pending, self.at_end = END_OF_INPUT, True
        elif self.keyboard:
            self.pending = self.keyboard.for_machine(self.pending)

    def write(self):
        """Writes what the pipe takes. False when all is written, or QEMU reads no more."""
        try:
            self.pending = self.pending[os.write(self.pipe, self.pending):]
        except BlockingIOError:
            return True
        except BrokenPipeError:
            return False
        return bool(self.pending) or not self.at_end


class Limit:
    """A limit in seconds of real time. It counts from the kernel's first word; a busy host may need long to start QEMU.

    allowance is for that: seconds at most until the first word.
    """

    def __init__(self, seconds, allowance):
        self.seconds, self.end = seconds, None
        self.begin(allowance)

    def begin(self, allowance=0):
        if self.seconds is not None:
            self.end = time.monotonic() + self.seconds + allowance

    def left(self):
        """Seconds; None without a limit."""
        return None if self.end is None else max(0.0, self.end - time.monotonic())


def pump(process, source, sink, limit, feed, keyboard=None):
    """Carries the console to sink(bytes), and source to the console, until QEMU closes it. False on time-out."""
    selector = selectors.SelectSelector()  # unlike epoll, it takes regular files
    output = process.stdout.fileno()
    selector.register(output, selectors.EVENT_READ)
    feeder, watched, begun = None, None, False

    def watch(fileno, event):
        nonlocal watched
        if watched is not None:
            selector.unregister(watched)
        if fileno is not None:
            selector.register(fileno, event)
        watched = fileno

    def begin_typing():
        nonlocal feeder
        os.set_blocking(process.stdin.fileno(), False)
        feeder = Feeder(source, process.stdin.fileno(), keyboard)
        want_more()

    def want_more():
        if source is None:
            feeder.next_chunk()
            watch(feeder.pipe, selectors.EVENT_WRITE)
        else:
            watch(source, selectors.EVENT_READ)

    if keyboard:
        begin_typing()
    while True:
        wait = limit.left()
        if wait == 0:
            return False
        for key, _ in selector.select(wait):
            if key.fd == output:
                chunk = os.read(output, 65536)
                if not chunk:
                    return True
                if not begun:
                    begun = True
                    limit.begin()
                sink(chunk)
                if feed and feeder is None:
                    begin_typing()
            elif key.fd == source:
                feeder.next_chunk()
                watch(feeder.pipe, selectors.EVENT_WRITE)
            elif not feeder.write():
                watch(None, None)
            elif not feeder.pending:
                want_more()
