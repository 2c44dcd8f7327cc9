"""What runs in the sandbox of tools/labs/sandbox.py has no network, few rights, and an end."""

import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "labs"))
import boot  # noqa: E402
import lab as labs  # noqa: E402
import sandbox  # noqa: E402


def running(words):
    """The processes with these words in their command line."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if words in path.read_bytes():
                found.append(path)
        except OSError:
            pass
    return found


class Sandbox(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        os.chmod(self.tree, 0o755)
        (self.tree / "CMakeLists.txt").write_text("", encoding="utf-8")
        (self.tree / "build" / "tmp").mkdir(parents=True)
        self.box = sandbox.Sandbox(self.tree)
        self.box.own(self.tree / "build")

    def sh(self, script):
        return self.box.compile(["sh", "-c", script])

    def require(self, protection):
        if protection not in self.box.protections():
            self.skipTest(f"this machine does not offer: {protection}")

    def test_it_builds(self):
        self.assertEqual(self.sh("echo made >build/file && cat build/file; exit 0"), (True, "made\n"))
        self.assertEqual(self.sh("echo wrong >&2; exit 3"), (False, "wrong\n"))

    def test_sources_are_not_its_own(self):
        self.require("own user")
        self.assertFalse(self.sh("echo x >CMakeLists.txt")[0])
        self.assertFalse(self.sh("echo x >new")[0])
        (self.tree / "key").write_text("secret", encoding="utf-8")
        (self.tree / "key").chmod(0o600)
        self.assertFalse(self.sh("cat key")[0])

    def test_no_network(self):
        self.require("no network")
        _, output = self.sh("cat /proc/net/dev")
        self.assertEqual([line.split(":")[0].strip() for line in output.splitlines()[2:]], ["lo"])

    def test_limits(self):
        self.require("limits")
        self.assertFalse(self.sh("head -c 100000000 /dev/zero >build/file")[0])
        self.assertFalse(self.sh(f"{sys.executable} -c 'bytearray(3000000000)'")[0])

    def test_what_it_leaves_behind_ends(self):
        self.require("own processes")
        self.assertTrue(self.sh("setsid sleep 98765 & setsid sleep 98765 & exit 0")[0])
        self.assertEqual(running(b"sleep\00098765"), [])

    def test_time_and_output_have_an_end(self):
        with mock.patch.object(sandbox, "SECONDS", 2):
            built, output = self.sh("setsid sleep 98764 & while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done")
        self.assertFalse(built)
        self.assertLess(len(output), sandbox.MOST_OUTPUT + 100)
        if "own processes" in self.box.protections():
            self.assertEqual(running(b"sleep\00098764"), [])


class Emulators(unittest.TestCase):
    """With a stand-in for QEMU that prints without end, and one that ends in a way of its own."""

    def run_with(self, script):
        check = labs.Check("one", 1, 1, "handout", False, "checks", "")
        with tempfile.TemporaryDirectory() as name:
            os.chmod(name, 0o755)
            qemu = pathlib.Path(name, "qemu-system-i386")
            qemu.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
            qemu.chmod(0o755)
            with mock.patch.dict(os.environ, {"PATH": f"{name}:{os.environ['PATH']}"}):
                return boot.boot(b"", check, sandbox.Sandbox(ROOT).command(sandbox.EMULATOR))

    def test_a_flood_leaves_no_process(self):
        booted = self.run_with("while :; do echo flood-of-98763; done")
        self.assertEqual((booted.end, booted.lines[0]), ("flood", "flood-of-98763"))
        self.assertEqual(running(b"flood-of-98763"), [])

    def test_a_status_that_the_kernel_never_gives(self):
        self.assertEqual(self.run_with("echo booted; exit 171").end, "status")
        with self.assertRaises(boot.emulator.EmulatorError):
            self.run_with("exit 1")  # QEMU has not even begun


if __name__ == "__main__":
    unittest.main()
