#!/usr/bin/env python3
"""Starts QEMU stopped at the first instruction and gdb attached to it; ends QEMU when gdb ends.

Usage: debug.py [options of run.py] IMAGE.elf [-- gdb arguments]
       debug.py --gdb PORT ... IMAGE.elf    waits for the gdb of an editor, which finds the image as build/debug.elf

--input FILE is typed at the console of each machine that the session starts; --timeout ends the session.
"""

import contextlib
import dataclasses
import os
import shlex
import socket
import subprocess
import sys
import threading
import time

import debug_replay
import emulator
import gdb_port
import gdb_session
import run
import thread_proxy


class Machines(contextlib.AbstractContextManager):
    """The machine of a live session, and the socket on which gdb asks for another: tools/gdb/live.py is at its
    other end.

    gdb sends a line `start`. The reply is a line with the port at which a new machine waits for gdb, and a file
    descriptor: the other end of its console. If none starts, the reply is a line `!` with the reason.
    """

    def __init__(self, machine):
        self.machine = machine
        self.running = contextlib.ExitStack()
        self.socket, self.gdb_end = socket.socketpair()

    def __exit__(self, *exception):
        self.running.close()
        self.socket.close()
        self.gdb_end.close()

    def start(self):
        """Starts a machine in place of the previous one; returns its port and its console, a socket."""
        self.running.close()
        ours, theirs = socket.socketpair()
        with theirs:
            machine = dataclasses.replace(
                self.machine, gdb=gdb_port.GdbPort(), console="chardev:console",
                extra=(*self.machine.extra, "-chardev", f"socket,id=console,fd={theirs.fileno()}"))
            # A session of its own keeps the terminal's Ctrl-C away from QEMU.
            qemu, messages = self.running.enter_context(emulator.emulator(
                machine, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),), start_new_session=True))
        try:
            machine.gdb.wait(qemu)
        except emulator.EmulatorError:
            ours.close()
            if qemu.poll() is None:
                raise
            raise emulator.start_failure(qemu.returncode, messages) from None
        proxy = self.running.enter_context(thread_proxy.ThreadProxy(machine.image, machine.gdb.number))
        return proxy.port, ours

    def hand_over(self):
        """Starts a machine, and sends gdb what it needs of it."""
        port, console = self.start()
        with console:
            socket.send_fds(self.socket, [f"{port}\n".encode()], [console.fileno()])

    def attend(self, timeout=None):
        """Carries out gdb's requests until gdb ends. Raises TimeoutError if that takes longer than this, in seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        self.gdb_end.close()  # when gdb closes its copy, too, there is nothing more to read
        while True:
            self.socket.settimeout(None if deadline is None else max(0.001, deadline - time.monotonic()))
            if not self.socket.recv(64):
                return
            self.socket.settimeout(None)
            try:
                self.hand_over()
            except emulator.EmulatorError as error:
                self.socket.sendall(f"!{error}\n".encode())


def debug(machine, options, gdb_arguments):
    """Runs gdb on the machine; returns gdb's exit code."""
    typed = os.path.abspath(options.input) if options.input else None
    terminal = run.kept_terminal() if os.isatty(0) else contextlib.nullcontext()
    with terminal, Machines(machine) as machines:
        machines.hand_over()
        gdb_end = machines.gdb_end.fileno()
        commands = [f"python import live; live.begin({gdb_end}, {typed!r})"]
        return gdb_session.run_gdb(machine.image, gdb_arguments, commands, options.timeout, machines.attend,
                       pass_fds=(gdb_end,))


def announce(qemu, port):
    """Says where gdb may connect, when QEMU listens."""
    while not qemu.listens():
        time.sleep(0.05)
    print(f"debug: waiting for gdb at 127.0.0.1:{port}", flush=True)


def serve(machine, options):
    """Runs the machine for the gdb of an editor, until gdb ends it. The terminal is the console of the kernel."""
    gdb_session.require_free(options.gdb)
    gdb_session.link_latest(machine.image)
    options.no_input = not options.input and not (os.isatty(0) and os.isatty(1))
    machine.gdb = gdb_port.GdbPort()
    with thread_proxy.ThreadProxy(machine.image, machine.gdb.number, options.gdb) as proxy:
        threading.Thread(target=announce, args=(machine.gdb, proxy.port), daemon=True).start()
        result = run.carry(machine, options)
    if result.outcome in (emulator.Outcome.TIMEOUT, emulator.Outcome.INTERRUPTED):
        return run.fail(result.outcome, result.reason)
    return 0


def replayed(options, gdb_arguments):
    """Runs gdb on a recording of the run; returns gdb's exit code."""
    if options.gdb:
        gdb_session.require_free(options.gdb)
        gdb_session.link_latest(options.image)
    return debug_replay.debug(options, gdb_arguments)


def main(arguments):
    gdb_arguments = shlex.split(os.environ.get("GDBFLAGS", ""))
    if "--" in arguments:
        split = arguments.index("--")
        arguments, gdb_arguments = arguments[:split], gdb_arguments + arguments[split + 1:]
    options = run.parse(arguments, for_gdb=True)
    machine = emulator.Machine(options.image, options.memory, options.clock, options.machine, options.seed,
                               disk=options.disk)
    gdb_session.end_on_signals()
    if options.clock == "deterministic" and options.disk:
        return run.fail(emulator.Outcome.USAGE, "a replay has no disk; leave out DISK, or DETERMINISTIC")
    if options.clock == "deterministic":
        return run.guarded(lambda: replayed(options, gdb_arguments))
    return run.guarded(lambda: serve(machine, options) if options.gdb else debug(machine, options, gdb_arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
