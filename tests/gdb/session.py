"""Debugging sessions for tests: boots an image stopped, has gdb carry out commands, and returns what both wrote.

    from session import debug, program

    def test_...(self):
        session = debug(program("gdb_queues"), ["break look", "continue", "ready"])
        self.assertIn("...", session["ready"])

gdb runs as with `make debug`, in batch mode and in virtual time: the same session every time. A session that takes
longer than its limit is ended, both gdb and QEMU, and the test fails.

The images of tests/qemu/programs are expected in the folder that the environment variable DETOUR_PROGRAMS names, or
else in build/kernel/programs. Without gdb the tests are skipped.
"""

import contextlib
import dataclasses
import os
import pathlib
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "run"))

import emulator  # noqa: E402
import gdb_port  # noqa: E402
import environment  # noqa: E402
import thread_proxy  # noqa: E402

ATTACH = ROOT / "tools" / "gdb" / "attach.gdb"
PROGRAMS = pathlib.Path(os.environ.get("DETOUR_PROGRAMS") or ROOT / "build" / "kernel" / "programs")
SECONDS = 60
MARK = "~~ command {} ~~"


@dataclasses.dataclass
class Session:
    """What gdb printed for each command, and what the kernel wrote to its console."""

    answers: list  # pairs (command, text); the text is stripped of empty lines at both ends
    output: str  # all that gdb wrote
    console: str

    def __getitem__(self, command):
        """The answer to this command; to the last one, if it was given several times."""
        for given, text in reversed(self.answers):
            if given == command:
                return text
        raise KeyError(command)

    def all(self, command):
        """The answers to this command, one for each time that it was given."""
        return [text for given, text in self.answers if given == command]


def without_echo(text, keys):
    """The text without these keys: the console echoes a key when it is typed, so anywhere among the output."""
    return text.translate(str.maketrans("", "", keys))


def program(name):
    """The image of tests/qemu/programs/NAME.c."""
    path = PROGRAMS / f"{name}.elf"
    if not path.is_file():
        raise FileNotFoundError(f"there is no image {path}; build it with `sh tools/build/build.sh tests`")
    return path


def built(app, ring=0):
    """The image of `make run APP=app RING=ring`, a path from the root; it is built if need be."""
    environment = {**os.environ, "APP": app, "RING": str(ring)}
    done = subprocess.run(["sh", "tools/build/build.sh", "image"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, timeout=300, check=True)
    return ROOT / done.stdout.strip()


def port_for_editor():
    """A free port for GDBPORT, below those that the host itself hands out (ip_local_port_range): until it is opened,
    other sessions get many of these."""
    while True:
        port = random.randrange(20000, 30000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def debug(image, commands, *, clock="deterministic", seconds=SECONDS, setup=ATTACH, gdb_options=(), direct=False):
    """A session with these commands.

    A command that fails does not end the session: its message is its answer. A command of several lines is a script,
    and ends at its first failure. setup is the script that gdb reads before it connects; None leaves it bare. With
    direct, gdb connects to QEMU itself, so that there are no threads.
    """
    if not shutil.which("gdb"):
        raise unittest.SkipTest("gdb is not installed")
    image = os.path.abspath(image)
    machine = emulator.Machine(image, clock=clock, gdb=gdb_port.GdbPort())
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as console:
        arguments = ["gdb", "-nx", "-q", "-batch", "-ex", f"file {image}"]
        arguments += ["-x", str(setup)] if setup else []
        with emulator.emulator(machine, stdin=subprocess.DEVNULL, stdout=console) as (qemu, _), \
                thread_proxy.ThreadProxy(image, machine.gdb.number) as proxy:
            machine.gdb.wait(qemu)
            port = machine.gdb.number if direct else proxy.port
            arguments += [*gdb_options, "-ex", f"target remote 127.0.0.1:{port}", *spoken(commands, folder)]
            output = run_gdb(arguments, seconds)
        console.seek(0)
        text = console.read().decode(errors="replace").replace("\r\n", "\n")
    return Session(answers(commands, output), output, text)


def spoken(commands, folder):
    """gdb's arguments for these commands, with a mark in front of each one's answer."""
    arguments = []
    for number, command in enumerate(commands):
        arguments += ["-ex", "echo \\n" + MARK.format(number) + "\\n"]
        if "\n" in command:
            script = pathlib.Path(folder, f"{number}.gdb")
            script.write_text(command, encoding="utf-8")
            arguments += ["-x", str(script)]
        else:
            arguments += ["-ex", command]
    # What gdb says when it ends is no answer.
    return [*arguments, "-ex", "echo \\n" + MARK.format(len(commands)) + "\\n"]


def run_gdb(arguments, seconds):
    """What gdb writes."""
    try:
        done = subprocess.run(arguments, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT,
                              text=True, errors="replace", timeout=seconds, check=False, env=environment.for_gdb())
    except subprocess.TimeoutExpired as late:
        written = late.stdout or b""  # bytes, even in text mode
        raise AssertionError(f"gdb was ended after {seconds} seconds; it has written:\n"
                             f"{written.decode(errors='replace')}") from None
    return done.stdout


def answers(commands, output):
    """Each command with what gdb has written behind its mark."""
    pieces = re.split(MARK.format(r"\d+") + "\n", output)[1:]
    pieces += [""] * (len(commands) - len(pieces))  # gdb has ended before
    return [(command, piece.strip("\n")) for command, piece in zip(commands, pieces)]
