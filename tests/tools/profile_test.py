"""Where instructions go, on a real image."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("DETOUR_PROGRAMS") or ROOT / "build" / "kernel" / "programs")
IMAGE = PROGRAMS / "process_order.elf"


def profile(*arguments):
    return subprocess.run([sys.executable, ROOT / "tools" / "run" / "profile.py", *arguments, IMAGE],
                          capture_output=True, text=True, timeout=120, check=False)


@unittest.skipUnless(IMAGE.exists(), f"there is no {IMAGE}")
class Profile(unittest.TestCase):
    def counts(self, text, pattern):
        """{name: count} of the lines that match."""
        return {name: int(count) for count, name in re.findall(pattern, text, re.MULTILINE)}

    def test_of_one_function(self):
        done = profile("--of", "switch")
        self.assertRegex(done.stdout, r"\Ainstructions from yield until the program goes on: \d+ \(\d+ times\)")
        total = int(re.search(r"^ *(\d+)  instructions, of which in$", done.stdout, re.MULTILINE)[1])
        functions = self.counts(done.stdout, r"^ {0,6}(\d+)  (\S+)$")
        self.assertEqual(functions["ctxsw"], 12, done.stdout)  # the instructions of ctxsw.S
        self.assertEqual(sum(functions.values()), total)
        lines = re.findall(r"^ {7,12}(\d+)  \S+", done.stdout, re.MULTILINE)
        self.assertEqual(sum(map(int, lines)), total)

    def test_of_a_whole_run(self):
        done = profile()
        functions = self.counts(done.stdout.split("the lines with the most")[0], r"^ *(\d+) +\d+\.\d %  (\S+)$")
        self.assertGreater(functions["detour::PageAllocator::init"], 100000, done.stdout)
        self.assertRegex(done.stdout, r"(?m)^ *\d+ +\d+\.\d %  kernel/\S+:\d+ +\S")

    def test_of_what_the_kernel_does_not_have(self):
        done = profile("--of", "strcat_twice")
        self.assertEqual((done.returncode, done.stdout), (64, ""))
        self.assertRegex(done.stderr, r"^profile: the kernel has no function strcat_twice; OF is one of those in .*map")

    def test_of_what_the_run_does_not_reach(self):
        done = profile("--of", "kernel_panic")
        self.assertEqual(done.returncode, 1)
        self.assertIn("profile: the run did not come from kernel_panic back to the program", done.stderr)


if __name__ == "__main__":
    unittest.main()
