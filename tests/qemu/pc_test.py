"""A PC, as far as the kernel can tell: without the device that ends QEMU, and with no word on the command line."""

import fcntl
import os
import pathlib
import re
import subprocess
import sys
import time
import unittest

PROGRAMS = pathlib.Path(os.environ.get("DETOUR_PROGRAMS") or "build/kernel/programs")
RUN = pathlib.Path(__file__).resolve().parents[2] / "tools" / "run" / "run.py"
SECONDS = 120  # on a busy host


def on_pc(image, pause=0.0):
    """What comes from the serial line until soft-off. With a pause (in seconds) the line stands still at first, until
    the machine cannot send any more."""
    command = ["qemu-system-i386", "-nodefaults", "-vga", "std", "-display", "none", "-m", "128", "-icount", "shift=0",
               "-kernel", image, "-append", "", "-serial", "stdio"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as machine:
        fcntl.fcntl(machine.stdout, fcntl.F_SETPIPE_SZ, 4096)
        time.sleep(pause)
        text = machine.communicate(timeout=SECONDS)[0]
    if machine.returncode != 0:
        raise AssertionError(f"exit code {machine.returncode}: {text}")
    return text


def in_emulator(image):
    command = [sys.executable, RUN, "--deterministic", "--no-input", image]
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=SECONDS, check=True).stdout


class Pc(unittest.TestCase):
    def test_its_lines_end_with_cr_and_lf_and_nothing_is_lost(self):
        for program in "hello", "console_output":
            image = str(PROGRAMS / f"{program}.elf")
            text = in_emulator(image)
            self.assertNotIn(b"\r", text)
            self.assertEqual(on_pc(image), text.replace(b"\n", b"\r\n"))

    def test_short_lines_are_whole_when_the_line_is_slow(self):
        text = on_pc(str(PROGRAMS / "console_lines.elf"), pause=2)
        self.assertIn(b"".join(b"%d\r\n" % (i % 10) for i in range(20000)), text)


if __name__ == "__main__":
    unittest.main()
