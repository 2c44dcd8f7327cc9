"""tools/run/gdb_port.py: the port is QEMU's before QEMU has begun, and until it ends."""

import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "run"))

import emulator  # noqa: E402
import gdb_port  # noqa: E402


class Port(unittest.TestCase):
    def setUp(self):
        self.port = gdb_port.GdbPort()
        self.addCleanup(self.port.socket.close)

    def assert_taken(self):
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.assertRaises(OSError, other.bind, ("127.0.0.1", self.port.number))

    def started(self, *extra):
        image = self.enterContext(tempfile.NamedTemporaryFile(suffix=".iso"))
        machine = emulator.Machine(image.name, gdb=self.port, extra=extra)
        return emulator.emulator(machine, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def test_nobody_else_gets_it(self):
        self.assert_taken()
        self.assertFalse(self.port.listens())
        with self.started() as (qemu, _):
            self.assert_taken()
            self.port.wait(qemu)
            self.assert_taken()
            self.assertIsNone(qemu.poll())
        self.assertFalse(self.port.listens())

    def test_gdb_comes_and_goes_and_comes_again(self):
        with self.started() as (qemu, _):
            self.port.wait(qemu)
            for _ in range(2):
                with socket.create_connection(("127.0.0.1", self.port.number), timeout=20) as gdb:
                    gdb.sendall(b"$?#3f")
                    self.assertEqual(gdb.recv(1), b"+")

    def test_a_machine_that_does_not_start(self):
        with self.started("-no-such-option") as (qemu, messages):
            self.assertRaises(emulator.EmulatorError, self.port.wait, qemu)
            self.assertIn("no-such-option", str(emulator.start_failure(qemu.wait(20), messages)))


if __name__ == "__main__":
    unittest.main()
