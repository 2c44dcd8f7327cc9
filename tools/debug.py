#!/usr/bin/env python3
"""Starts QEMU stopped at the first instruction and gdb attached to it; ends QEMU when gdb ends.

Usage: debug.py [--memory MIB] [--deterministic] IMAGE.elf [-- gdb arguments]
       debug.py --gdb PORT ... IMAGE.elf    waits for the gdb of an editor, which finds the image as build/debug.elf
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
import environment
import run

TOOLS = os.path.dirname(os.path.abspath(__file__))
SCRIPT = os.path.join(TOOLS, "gdb", "attach.gdb")
LATEST = os.path.join(TOOLS, "..", "build", "debug.elf")  # a link: .vscode/launch.json has one name for all images


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


def run_gdb(image, port, gdb_arguments, commands=(), timeout=None, **streams):
    """Runs gdb, connected to QEMU at this port, with these commands to begin with; returns gdb's exit code."""
    with tempfile.NamedTemporaryFile("w", suffix=".gdb") as script:
        lines = [f'file "{image}"', f"python detour_root = {os.path.dirname(TOOLS)!r}", f"source {SCRIPT}", f"target remote 127.0.0.1:{port}", *commands]
        script.write("\n".join(lines) + "\n")
        script.flush()
        command = ["gdb", "-nx", "-q", "-x", script.name, *gdb_arguments]
        streams["env"] = environment.for_gdb()
        gdb = subprocess.Popen(command, process_group=0, **streams) if sys.version_info >= (3, 11) else \
            subprocess.Popen(command, preexec_fn=os.setpgrp, **streams)
        with foreground(gdb):
            try:
                return gdb.wait(timeout)
            except subprocess.TimeoutExpired:
                raise emulator.EmulatorError(f"time-out: the session was ended after {timeout:g} seconds") from None
            finally:
                if gdb.poll() is None:
                    gdb.kill()
                    gdb.wait()


def end_on_signals():
    """SIGTERM and SIGHUP end this program as an exception does: no gdb and no QEMU is left behind."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(int(emulator.Outcome.INTERRUPTED)))


def debug(machine, gdb_arguments):
    """Runs gdb on the machine; returns gdb's exit code."""
    machine.gdb_port = free_port()
    # A session of its own keeps the terminal's Ctrl-C away from QEMU.
    with emulator.emulator(machine, stdin=subprocess.DEVNULL, start_new_session=True) as (qemu, _):
        wait_for_port(qemu, machine.gdb_port)
        return run_gdb(machine.image, machine.gdb_port, gdb_arguments)


def require_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise emulator.EmulatorError(f"port {port}: {error.strerror}; end the session that has it, or name another") from None


def link_latest(image):
    if os.path.lexists(LATEST):
        os.unlink(LATEST)
    os.symlink(os.path.abspath(image), LATEST)


def serve(machine):
    """Runs the machine for somebody else's gdb, until that ends it. The terminal is the console of the kernel."""
    require_free(machine.gdb_port)
    link_latest(machine.image)
    terminal = run.kept_terminal() if os.isatty(0) else contextlib.nullcontext()
    with terminal, emulator.emulator(machine) as (qemu, _):
        wait_for_port(qemu, machine.gdb_port)
        print(f"debug: waiting for gdb at 127.0.0.1:{machine.gdb_port}", flush=True)
        qemu.wait()
    return 0


def replayed(options, gdb_arguments):
    """Runs gdb on a recording of the run; returns gdb's exit code."""
    import debug_replay  # which imports this module

    if options.gdb:
        require_free(options.gdb)
        link_latest(options.image)
    return debug_replay.debug(options, gdb_arguments)


def main(arguments):
    gdb_arguments = shlex.split(os.environ.get("GDBFLAGS", ""))
    if "--" in arguments:
        split = arguments.index("--")
        arguments, gdb_arguments = arguments[:split], gdb_arguments + arguments[split + 1:]
    options = run.parse(arguments)
    machine = emulator.Machine(options.image, options.memory, options.clock, options.machine, options.seed)
    machine.gdb_port = options.gdb or 0
    end_on_signals()
    try:
        if options.clock == "deterministic":
            return replayed(options, gdb_arguments)
        return serve(machine) if options.gdb else debug(machine, gdb_arguments)
    except (emulator.EmulatorError, OSError) as error:
        return run.fail(emulator.Outcome.EMULATOR, error)
    except KeyboardInterrupt:
        return int(emulator.Outcome.INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
