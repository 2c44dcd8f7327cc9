"""What all gdb sessions share: gdb itself with the project's commands, the signals."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile

import emulator
import environment

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GDB = os.path.join(ROOT, "tools", "gdb")  # our commands
SCRIPT = os.path.join(GDB, "attach.gdb")
LATEST = os.path.join(ROOT, "build", "debug.elf")  # a link: .vscode/launch.json has one name for all images


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


def run_gdb(image, gdb_arguments, commands, timeout=None, attend=None, **streams):
    """Runs gdb with these initial commands, which connect it to QEMU; returns gdb's exit code.

    attend(timeout), if there is one, serves gdb until gdb ends.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".gdb") as script:
        lines = [f'file "{image}"', f"python detour_root = {ROOT!r}", f"source {SCRIPT}", *commands]
        script.write("\n".join(lines) + "\n")
        script.flush()
        command = ["gdb", "-nx", "-q", "-x", script.name, *gdb_arguments]
        streams["env"] = environment.for_gdb()
        gdb = subprocess.Popen(command, process_group=0, **streams) if sys.version_info >= (3, 11) else \
            subprocess.Popen(command, preexec_fn=os.setpgrp, **streams)
        with foreground(gdb):
            try:
                if attend:
                    attend(timeout)
                    timeout = None
                return gdb.wait(timeout)
            except (subprocess.TimeoutExpired, TimeoutError):
                raise emulator.EmulatorError(f"time-out: the session was ended after {timeout:g} seconds") from None
            finally:
                if gdb.poll() is None:
                    gdb.kill()
                    gdb.wait()


def end_on_signals():
    """SIGTERM and SIGHUP end this program like an exception: no gdb and no QEMU is left behind."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(int(emulator.Outcome.INTERRUPTED)))


def require_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise emulator.EmulatorError(f"port {port}: {error.strerror}; end the session that has it, "
                                         "or name another") from None


def link_latest(image):
    if os.path.lexists(LATEST):
        os.unlink(LATEST)
    os.symlink(os.path.abspath(image), LATEST)
