"""The port of this host at which QEMU waits for gdb."""

import socket
import time

import emulator

SECONDS = 20  # until QEMU listens, on a busy host


class GdbPort:
    """A port that is QEMU's from the beginning: QEMU inherits its bound socket, and listens when its machine is ready.

    Were a free port looked up and its number given to QEMU, another program could get it before QEMU binds it; gdb then
    talks to that one, or waits in vain. For one start: emulator.emulator() closes our copy of the socket, so that the
    port ends with QEMU.
    """

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.number = self.socket.getsockname()[1]

    def option(self):
        """The argument of QEMU's -gdb."""
        # `unix:` is short for any socket of -chardev. `chardev:` names one that listens before the machine is ready.
        return f"unix:fd={self.socket.fileno()},server=on,wait=off,nodelay=on"

    def listens(self):
        """Whether QEMU does. Connecting would take gdb's place, so this reads the host's table."""
        with open("/proc/net/tcp", encoding="ascii") as table:
            return f":{self.number:04X} 00000000:0000 0A" in table.read()

    def wait(self, process):
        """Returns when QEMU, which is this process, listens; raises EmulatorError if it does not."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if self.listens():
                return
            if process.poll() is not None:
                break
            time.sleep(0.05)
        raise emulator.EmulatorError(f"QEMU does not open the port {self.number} for gdb")
