"""tools/run/bochs.py with stand-ins for Bochs and GRUB: exit codes, reasons and time-out, without a kernel."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

BOCHS = pathlib.Path(__file__).resolve().parents[2] / "tools" / "run" / "bochs.py"
SCRIPT = """#!/bin/sh
log=$(sed -n 's/^log: //p' "$3")
console=$(sed -n 's/^com1: .*dev=//p' "$3")
"""


class Bochs(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.image = self.folder / "image.elf"
        self.image.write_bytes(b"")
        self.write("objcopy", "#!/bin/sh\n: >\"$3\"\n")
        self.write("grub-mkrescue", "#!/bin/sh\ngrep -q 'detour.elf bochs' \"${9}/boot/grub/grub.cfg\" && : >\"$2\"\n")

    def write(self, name, script):
        (self.folder / name).write_text(script, encoding="utf-8")
        (self.folder / name).chmod(0o755)

    def run_with(self, script, *options):
        """Runs bochs.py where bochs is this shell script; $log and $console are the files that it is to write."""
        if script is not None:
            self.write("bochs", SCRIPT + script)
        return subprocess.run([sys.executable, BOCHS, *options, self.image], stdin=subprocess.DEVNULL, check=False,
                              capture_output=True, timeout=60,
                              env={**os.environ, "PATH": f"{self.folder}:/usr/bin:/bin"})

    def test_exit_codes(self):
        for line, code, word in (("i[BIOS  ] Detour: powered off", 0, b""), ("i[BIOS  ] Detour: panic", 10, b"panic"),
                                 ("i[BIOS  ] Detour: refused", 11, b"refused"),
                                 ("p[CPU0  ] >>PANIC<< exception(): 3rd (14) exception with no resolution", 12,
                                  b"reset"),
                                 ("p[HD    ] >>PANIC<< cannot open", 14, b"cannot open")):
            with self.subTest(line=line):
                done = self.run_with(f"echo console >$console; echo '000{line}' >$log; exit 1")
                self.assertEqual((done.returncode, done.stdout), (code, b"console\n"), done.stderr)
                self.assertIn(word, done.stderr)
                self.assertEqual(done.stderr.count(b"\n"), 1 if code else 0)

    def test_debugger_is_told_to_go_on_and_to_quit(self):
        script = "printf '<bochs:1> '; read a; printf '<bochs:2> '; read b; echo $a $b >$console; exit 1"
        self.assertEqual(self.run_with(script).stdout, b"c q\n")

    def test_without_a_word(self):
        done = self.run_with("exit 3")
        self.assertEqual(done.returncode, 14)
        self.assertIn(b"unexpected status 3", done.stderr)

    def test_timeout_ends_it_even_if_it_ignores_sigterm(self):
        done = self.run_with("trap '' TERM; echo begun >$console; while :; do sleep 0.1; done", "--timeout", "2")
        self.assertEqual((done.returncode, done.stdout), (13, b"begun\n"))
        self.assertIn(b"time-out: the run was ended after 2 seconds", done.stderr)

    def test_usage(self):
        done = self.run_with("exit 1", "--nonsense")
        self.assertEqual((done.returncode, done.stderr.count(b"\n")), (64, 1))


if __name__ == "__main__":
    unittest.main()
