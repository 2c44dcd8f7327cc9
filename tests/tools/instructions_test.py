"""tools/run/profile.py and latency.py, on a program whose instructions are counted by the program itself."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools" / "run"
IMAGE = pathlib.Path(os.environ.get("DETOUR_PROGRAMS", "build/kernel/programs"), "counted.elf")
ROW = re.compile(r" +(\d+) +\d+\.\d  (\S+)")


def run(tool, *options):
    """What a tool prints about the image."""
    done = subprocess.run([sys.executable, TOOLS / tool, *options, IMAGE], stdin=subprocess.DEVNULL, text=True,
                          check=False, capture_output=True, timeout=200)
    if done.returncode != 0:
        raise AssertionError(f"{tool} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def tables(text):
    """The tables in what profile.py prints: a list of {function or line: instructions}."""
    found = []
    for line in text.splitlines():
        row = ROW.match(line)
        if "percent" in line:
            found.append({})
        elif row and found and row[2] != "all":
            found[-1][row[2]] = int(row[1])
    return found


class Profile(unittest.TestCase):
    def test_a_tick_has_the_instructions_that_the_time_stamp_counter_counts(self):
        text = run("profile.py", "--of", "tick", "--count")
        functions, lines = tables(text)
        measured = int(re.search(r"^tick: (\d+) instructions$", text, re.MULTILINE)[1])
        self.assertEqual(int(re.search(r"the shortest has (\d+)", text)[1]), measured)
        self.assertEqual(sum(functions.values()), sum(lines.values()))
        self.assertGreater(functions["clkdisp"], 0)
        self.assertIn("arch/x86/entry/clkdisp.S:28", lines)

    def test_a_switch_goes_from_yield_through_ctxsw(self):
        functions, lines = tables(run("profile.py", "--of", "switch"))
        self.assertLessEqual({"yield", "resched", "ctxsw"}, set(functions))
        self.assertEqual(functions["ctxsw"], 12)
        self.assertEqual(sum(functions.values()), sum(lines.values()))

    def test_a_run_counts_each_round_of_a_loop(self):
        functions = tables(run("profile.py"))[0]
        self.assertGreater(functions["masked_loop"], 10000)
        self.assertLess(functions["masked_loop"], 10020)

    def test_a_function_that_is_not_there(self):
        done = subprocess.run([sys.executable, TOOLS / "profile.py", "--of", "nonsense", IMAGE], check=False,
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 14)
        self.assertEqual(done.stderr.count("\n"), 1)
        self.assertIn("nonsense", done.stderr)


class Latency(unittest.TestCase):
    def test_a_masked_loop_is_reported_with_its_length_and_place(self):
        text = run("latency.py", "--timeout", "60")
        row = re.compile(r"^ +(\d+)  counted, \d+ times: from (?:disable|masked_loop).*\n.*\n +(\S+) \d+", re.MULTILINE)
        length, function = row.search(text).groups()
        self.assertEqual(function, "masked_loop")
        self.assertTrue(10000 <= int(length) < 10040, text)


if __name__ == "__main__":
    unittest.main()
