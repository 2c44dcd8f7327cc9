"""tools/run/run.py with a stand-in for QEMU: exit codes, reasons, input and time-out, without a kernel."""

import os
import pathlib
import pty
import select
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

RUN = pathlib.Path(__file__).resolve().parents[2] / "tools" / "run" / "run.py"


class Run(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "image.elf").write_bytes(b"")

    def run_with(self, script, *options, text=b""):
        """Runs run.py where qemu-system-i386 is this shell script."""
        if script is not None:
            qemu = self.folder / "qemu-system-i386"
            qemu.write_text("#!/bin/sh\n" + script, encoding="utf-8")
            qemu.chmod(0o755)
        path = f"{self.folder}:{os.environ['PATH']}" if script is not None else str(self.folder)
        return subprocess.run([sys.executable, RUN, *options, self.folder / "image.elf"], input=text, check=False,
                              capture_output=True, timeout=30, env={**os.environ, "PATH": path})

    def test_exit_codes(self):
        for status, code, word in ((33, 0, b""), (35, 10, b"panic"), (37, 11, b"refused"), (0, 12, b"reset"),
                                   (1, 14, b"run: "), (35 + 6, 14, b"run: ")):
            with self.subTest(status=status):
                done = self.run_with(f"echo console; exit {status}")
                self.assertEqual((done.returncode, done.stdout), (code, b"console\n"))
                self.assertIn(word, done.stderr)
                self.assertEqual(done.stderr.count(b"\n"), 1 if code else 0)

    def test_timeout_ends_an_emulator_that_ignores_sigterm(self):
        done = self.run_with("trap '' TERM; echo begun; while :; do sleep 0.1; done", "--timeout", "0.5")
        self.assertEqual((done.returncode, done.stdout), (13, b"begun\n"))
        self.assertIn(b"time-out", done.stderr)

    def test_missing_emulator(self):
        done = self.run_with(None)
        self.assertEqual(done.returncode, 14)
        self.assertIn(b"not installed", done.stderr)

    def test_old_emulator(self):
        done = self.run_with('[ "$1" != --version ] || echo "QEMU emulator version 5.2.0"; exit 1')
        self.assertEqual(done.returncode, 14)
        self.assertIn(b"older than version 6", done.stderr)

    def test_usage(self):
        done = self.run_with("exit 33", "--nonsense")
        self.assertEqual((done.returncode, done.stderr.count(b"\n")), (64, 1))

    def test_input_is_typed_after_the_first_output_and_ended_by_control_d(self):
        big = b"0123456789" * 20000
        done = self.run_with(f"echo ready; head -c {len(big) + 1}; exit 33", text=big)
        self.assertEqual(done.stdout, b"ready\n" + big + b"\x04")
        self.assertEqual(done.returncode, 0)

    def test_empty_input_is_one_control_d(self):
        done = self.run_with("echo ready; head -c 1; exit 33")
        self.assertEqual(done.stdout, b"ready\n\x04")

    def test_deterministic_mode_types_only_what_it_is_told_to(self):
        for seconds, options, typed in (1, (), b""), (20, ("--input", "-"), b"ab\x04"):
            script = f"echo ready; timeout {seconds} head -c 3; exit 33"
            done = self.run_with(script, "--deterministic", *options, text=b"ab")
            self.assertEqual(done.stdout, b"ready\n" + typed)

    def test_window_without_a_desktop_or_with_none_in_qemu(self):
        for display, word in (("", b"no desktop"), (":0", b"qemu-system-gui")):
            with self.subTest(display=display), mock.patch.dict(os.environ, DISPLAY=display, WAYLAND_DISPLAY=""):
                done = self.run_with("echo none; exit 33", "--window")
                self.assertEqual((done.returncode, done.stderr.count(b"\n")), (14, 1))
                self.assertIn(word, done.stderr)
        with mock.patch.dict(os.environ, DISPLAY=":0"):
            script = '[ "$*" != "-display help" ] || { echo none; echo gtk; exit 0; }; echo "$@"; exit '
            self.assertIn(b"-vga std -display gtk ", self.run_with(script + "33", "--window").stdout)
            done = self.run_with(script + "0", "--window")
            self.assertEqual(done.returncode, 130)
            self.assertIn(b"the window was closed", done.stderr)

    def test_on_a_terminal_all_keys_are_typed_but_control_a_x(self):
        (self.folder / "qemu-system-i386").write_text("#!/bin/sh\nstty -a </dev/tty | grep -o '.isig'; echo ready\n"
                                                      "head -c 4 | od -An -tx1; exec sleep 30\n", encoding="utf-8")
        (self.folder / "qemu-system-i386").chmod(0o755)
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ["PATH"] = f"{self.folder}:{os.environ['PATH']}"
            os.execv(sys.executable, [sys.executable, RUN, self.folder / "image.elf"])
        self.addCleanup(os.close, terminal)
        seen = b""
        for wanted, typed in ((b"ready", b"a\x03\x01\x01\r"), (b"61 03 01 0d", b"\x01x"), (b"interrupted\r\n", b"")):
            while wanted not in seen:
                self.assertTrue(select.select([terminal], [], [], 20)[0], seen)
                seen += os.read(terminal, 4096)
            os.write(terminal, typed)
        self.assertIn(b"Ctrl-A X ends the run\r\n-isig\r\n", seen)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 130)

    def test_clock_modes(self):
        for option, wanted in (("--deterministic", b"shift=3,sleep=off"), ("--count", b"shift=0,sleep=off")):
            self.assertIn(wanted, self.run_with('echo "$@"; exit 33', option).stdout)
        self.assertIn(b"-icount shift=1 ", self.run_with('echo "$@"; exit 33').stdout)

    def test_disk(self):
        disk = self.folder / "new.img"
        done = self.run_with('echo "$@"; wc -c <disk.img; exit 33', "--disk", disk)
        self.assertIn(b"-drive if=ide,index=0,media=disk,format=raw,file=disk.img\n1048576\n", done.stdout)
        self.assertEqual(done.stderr, b"run: made the disk %s\n" % bytes(disk))
        disk.write_bytes(b"x" * 65536)
        done = self.run_with("exit 33", "--disk", disk)
        self.assertEqual((done.returncode, done.stderr, disk.read_bytes()), (0, b"", b"x" * 65536))

    def test_what_cannot_be_a_disk(self):
        small, odd = self.folder / "small", self.folder / "odd"
        small.write_bytes(bytes(512))
        odd.write_bytes(bytes(65537))
        for path, wanted in ((small, b"has 512 bytes"), (odd, b"in sectors of 512"), (self.folder, b"not a file"),
                             (self.folder / "none" / "disk", b"cannot make the disk")):
            with self.subTest(path=path):
                done = self.run_with("exit 33", "--disk", path)
                self.assertEqual((done.returncode, done.stderr.count(b"\n")), (64, 1))
                self.assertIn(wanted, done.stderr)


if __name__ == "__main__":
    unittest.main()
