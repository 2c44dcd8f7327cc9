#!/usr/bin/env python3
"""Starts Bochs with an image of the kernel, and tells by its exit code how the run ended: those of tools/run/run.py.

Bochs is a second implementation of the CPU, and stricter than QEMU where the manual leaves something open. It boots a
GRUB image, which is made for the run. The console of the kernel is standard output; nothing is typed at it.
"""

import argparse
import contextlib
import os
import pathlib
import pty
import re
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import emulator
from emulator import Outcome

BOCHS = "bochs"
ISO = pathlib.Path(__file__).resolve().parents[1] / "build" / "iso.sh"
PATIENCE = 5  # seconds from SIGTERM to SIGKILL

# The clock of the machine goes by instructions. With so few per second, the BIOS does not wait long for a key; and
# between two ticks there are still 10,000. The model is the newest that has sysenter, SMEP, SMAP and UMIP.
CONFIGURATION = """\
megs: {memory}
cpu: model=corei7_icelake_u, count=1, ips=10000000, reset_on_triple_fault=0
clock: sync=none, time0=1577836800
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
ata0-master: type=cdrom, path={folder}/kernel.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev={folder}/console
display_library: term
log: {folder}/log
panic: action=fatal
"""

# What the kernel, and Bochs itself, leave in the log.
OUTCOME_OF_LINE = (
    (rb"Detour: powered off", Outcome.POWERED_OFF),
    (rb"Detour: panic", Outcome.PANIC),
    (rb"Detour: refused", Outcome.REFUSED),
    (rb"exception with no resolution|shutdown status", Outcome.RESET),
)


class Screen:
    """The pseudo-terminal of Bochs. Its screen is discarded; a Bochs with a debugger waits for a command before it
    starts, and when the machine stops."""

    def __init__(self, fileno):
        self.fileno = fileno
        self.tail = b""
        self.commands = iter((b"c\n",))

    def read(self):
        """False at the end of the file."""
        try:
            chunk = os.read(self.fileno, 65536)
        except OSError:  # a pseudo-terminal that no process has open any more
            return False
        self.tail = (self.tail + chunk)[-64:]
        if re.search(rb"<bochs:\d+> ?$", self.tail):
            self.tail = b""
            os.write(self.fileno, next(self.commands, b"q\n"))
        return bool(chunk)


def parse(arguments):
    parser = argparse.ArgumentParser(prog="bochs.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.error = lambda message: (print(f"bochs: {message}; see bochs.py --help", file=sys.stderr), sys.exit(64))
    parser.add_argument("image", help="the kernel with its program: an ELF file")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="end the run after this time")
    parser.add_argument("--memory", type=int, default=128, metavar="MIB", help="memory of the machine (128)")
    options = parser.parse_args(arguments)
    if options.timeout is not None and options.timeout <= 0:
        parser.error("--timeout must be above 0")
    if options.memory < 1:
        parser.error("--memory must be above 0")
    if not os.path.isfile(options.image):
        parser.error(f"there is no image {options.image}")
    return options


def fail(outcome, reason):
    print(f"bochs: {reason}", file=sys.stderr)
    return int(outcome)


@contextlib.contextmanager
def bochs(folder, memory):
    """A running Bochs, which ends at the latest when the block is left. Yields (process, file descriptor of its
    screen)."""
    configuration = folder / "bochsrc"
    configuration.write_text(CONFIGURATION.format(folder=folder, memory=memory), encoding="utf-8")
    screen, terminal = pty.openpty()
    try:
        process = subprocess.Popen([BOCHS, "-q", "-f", configuration], stdin=terminal, stdout=terminal, stderr=terminal,
                                   env={**os.environ, "TERM": "linux"})
    finally:
        os.close(terminal)
    try:
        yield process, screen
    finally:
        emulator.stop(process)
        os.close(screen)


def copy_console(console):
    """Writes what there is to standard output."""
    with contextlib.suppress(BlockingIOError):
        while chunk := os.read(console, 65536):
            os.write(1, chunk)


def carry(process, screen, console, deadline):
    """Carries the console to standard output until Bochs ends. False on time-out."""
    display = Screen(screen)
    with selectors.DefaultSelector() as selector:
        selector.register(screen, selectors.EVENT_READ)
        selector.register(console, selectors.EVENT_READ)
        while True:
            wait = None if deadline is None else deadline - time.monotonic()
            if wait is not None and wait <= 0:
                return False
            ready = {key.fd for key, _ in selector.select(wait)}
            if screen in ready and not display.read():
                break
            if console in ready:
                copy_console(console)
    process.wait()
    copy_console(console)
    return True


def outcome_of(log):
    """How the machine ended, from the log; None if that does not tell."""
    found = [outcome for line, outcome in OUTCOME_OF_LINE if re.search(line, log)]
    return found[0] if found else None


def run(folder, options):
    console = folder / "console"
    os.mkfifo(console)
    reader = os.open(console, os.O_RDONLY | os.O_NONBLOCK)
    deadline = None if options.timeout is None else time.monotonic() + options.timeout
    interrupted = False
    with bochs(folder, options.memory) as (process, screen):

        def on_signal(_number, _frame):
            nonlocal interrupted
            interrupted = True
            process.terminate()

        with emulator.handled_signals(on_signal):
            in_time = carry(process, screen, reader, deadline)
    os.close(reader)
    if interrupted:
        return Outcome.INTERRUPTED
    if not in_time:
        return Outcome.TIMEOUT
    log = (folder / "log").read_bytes() if (folder / "log").exists() else b""
    outcome = outcome_of(log)
    if outcome is None:
        lines = [line for line in log.decode(errors="replace").splitlines() if re.match(r"\d+[pe]\[", line)]
        raise emulator.EmulatorError(lines[-1] if lines
                                     else f"{BOCHS} ended with the unexpected status {process.returncode}")
    return outcome


def main(arguments):
    options = parse(arguments)
    if not shutil.which(BOCHS):
        return fail(Outcome.EMULATOR, f"{BOCHS} is not installed; 'make bochs' installs it")
    with tempfile.TemporaryDirectory(prefix="detour-") as name:
        folder = pathlib.Path(name)
        made = subprocess.run(["sh", ISO, options.image, folder / "kernel.iso", "bochs"], check=False)
        if made.returncode != 0:
            return int(Outcome.EMULATOR)
        try:
            outcome = run(folder, options)
        except emulator.EmulatorError as error:
            return fail(Outcome.EMULATOR, error)
        except BrokenPipeError:
            return fail(Outcome.INTERRUPTED, "interrupted: nobody reads the console any more")
    return int(outcome) and fail(outcome, emulator.REASONS[outcome].format(timeout=options.timeout, answer=""))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
