#!/usr/bin/env python3
"""Starts QEMU stopped at the first instruction and gdb attached to it; ends QEMU when gdb ends.

Usage: debug.py [--memory MIB] [--deterministic] IMAGE.elf [-- gdb arguments]
"""

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time

import emulator
import run

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gdb", "attach.gdb")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(process, port):
    """Returns when QEMU listens. Connecting would take gdb's place, so we look into the kernel's table instead."""
    wanted = f":{port:04X} 00000000:0000 0A"
    for _ in range(100):
        with open("/proc/net/tcp", encoding="ascii") as table:
            if wanted in table.read():
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise emulator.EmulatorError(f"QEMU did not open the port {port} for gdb")


@contextlib.contextmanager
def foreground(process):
    """Gives the terminal to a process's own group, as a shell does: then Ctrl-C reaches gdb alone."""
    if not os.isatty(0):
        yield
        return
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # taking the terminal back from the background
    os.tcsetpgrp(0, process.pid)
    try:
        yield
    finally:
        os.tcsetpgrp(0, os.getpgrp())


def debug(machine, gdb_arguments):
    """Runs gdb on the machine; returns gdb's exit code."""
    machine.gdb_port = free_port()
    # A session of its own keeps the terminal's Ctrl-C away from QEMU.
    with emulator.emulator(machine, stdin=subprocess.DEVNULL, start_new_session=True) as (qemu, _):
        wait_for_port(qemu, machine.gdb_port)
        with tempfile.NamedTemporaryFile("w", suffix=".gdb") as script:
            script.write(f"file {machine.image}\nsource {SCRIPT}\ntarget remote 127.0.0.1:{machine.gdb_port}\n")
            script.flush()
            command = ["gdb", "-nx", "-q", "-x", script.name, *gdb_arguments]
            gdb = subprocess.Popen(command, process_group=0) if sys.version_info >= (3, 11) else \
                subprocess.Popen(command, preexec_fn=os.setpgrp)
            with foreground(gdb):
                return gdb.wait()


def main(arguments):
    gdb_arguments = shlex.split(os.environ.get("GDBFLAGS", ""))
    if "--" in arguments:
        split = arguments.index("--")
        arguments, gdb_arguments = arguments[:split], gdb_arguments + arguments[split + 1:]
    options = run.parse(arguments)
    machine = emulator.Machine(options.image, options.memory, options.clock, options.machine, options.seed)
    try:
        return debug(machine, gdb_arguments)
    except (emulator.EmulatorError, OSError) as error:
        return run.fail(emulator.Outcome.EMULATOR, error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
