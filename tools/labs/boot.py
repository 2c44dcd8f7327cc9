"""Boots an image for one check, and returns what its console has shown.

Nothing that the guest does can harm the host or last: its output is capped, its time is limited in the machine's own
msec, by which it ends at the same instruction every time, and beyond that in real time.
"""

import dataclasses
import os
import re
import sys
import tempfile

from lab import ROOT

sys.path.insert(0, str(ROOT / "tools" / "run"))
import emulator  # noqa: E402

MEMORY = 32  # MiB
MOST_BYTES = 64 * 1024
MOST_LINES = 1000
PATIENCE = 60  # seconds of real time, for a machine that does not even reach its own limit
# What the emulator prints for a byte that is no text: control characters could write anything on a terminal.
UNPRINTABLE = re.compile(r"[^\n\x20-\x7e]")


class Flood(Exception):
    """The guest prints without end."""


@dataclasses.dataclass(frozen=True)
class Boot:
    """How it ended, and the console. end: off, panic, refused, reset, limit, flood, status or stuck."""

    end: str
    lines: tuple


ENDS = {
    emulator.Outcome.POWERED_OFF: "off",
    emulator.Outcome.PANIC: "panic",
    emulator.Outcome.REFUSED: "refused",
    emulator.Outcome.RESET: "reset",
    emulator.Outcome.LIMIT: "limit",
    emulator.Outcome.TIMEOUT: "stuck",
}


class Console:
    """Collects what is printed, up to a limit."""

    def __init__(self):
        self.content = bytearray()

    def __call__(self, chunk):
        self.content += chunk
        if len(self.content) > MOST_BYTES or self.content.count(b"\n") > MOST_LINES:
            raise Flood

    def lines(self):
        text = bytes(self.content[:MOST_BYTES]).decode("latin-1").replace("\r", "")
        return tuple(UNPRINTABLE.sub("?", text).split("\n")[:MOST_LINES])


def boot(content, check, wrapper=()):
    """Runs the image of this content. wrapper: a command that runs QEMU (tools/labs/sandbox.py)."""
    console = Console()
    with tempfile.NamedTemporaryFile(prefix="detour-lab-", suffix=".elf") as image:
        os.fchmod(image.fileno(), 0o644)
        image.write(content)
        image.flush()
        machine = emulator.Machine(image.name, memory=MEMORY, clock=check.clock, limit=check.limit, wrapper=wrapper)
        try:
            result = emulator.run(machine, console, timeout=PATIENCE, feed=False)
        except Flood:
            return Boot("flood", console.lines())
        except emulator.EmulatorError:
            if not console.content:
                raise
            return Boot("status", console.lines())  # the guest has written something else to the port for the end
    return Boot(ENDS[result.outcome], console.lines())
