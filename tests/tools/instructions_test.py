"""tools/run/profile.py and latency.py, on programs whose instructions and lost ticks are known."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools" / "run"
sys.path.insert(0, str(TOOLS))
import ticks  # noqa: E402

IMAGE = pathlib.Path(os.environ.get("DETOUR_PROGRAMS", "build/kernel/programs"), "counted.elf")
ROW = re.compile(r" +(\d+) +\d+\.\d  (\S+)")


def run(tool, *options, image="counted"):
    """What a tool prints about an image."""
    done = subprocess.run([sys.executable, TOOLS / tool, *options, IMAGE.with_name(f"{image}.elf")],
                          stdin=subprocess.DEVNULL, text=True, check=False, capture_output=True, timeout=200)
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

    def test_lost_ticks_are_told_with_the_stretch_that_lost_them(self):
        text = run("latency.py", "--timeout", "60", image="ticks_lost")
        self.assertRegex(text, r"\n +2  masked_for_periods \(.*\)\n +in ticks_lost 2\n")
        # not to the end of the clock interrupt that comes at once
        self.assertRegex(text, r"\n +437433  ticks_lost, 1 times: from masked_for_periods .*\n +to masked_for_periods ")

    def test_ticks_are_those_of_the_kernel_without_those_that_a_program_makes(self):
        console = run("run.py", "--deterministic", image="ticks_lost")
        told = int(re.search(r"^(\d+) ticks counted", console, re.MULTILINE)[1])
        counted = int(re.search(r"ticks: (\d+) counted", run("latency.py", image="ticks_lost"))[1])
        self.assertIn(counted, (told - 2, told - 1))  # one may come while the program prints

    def test_a_tick_that_finds_a_full_stack_is_counted(self):
        text = run("latency.py", "--timeout", "60", image="irq_full_stack")
        self.assertRegex(text, r"\nclock ticks: \d+ counted, 0 lost")

    def test_an_image_that_does_not_end_and_one_that_cannot_run_do_not_keep_the_others(self):
        with tempfile.TemporaryDirectory() as folder:
            broken = pathlib.Path(folder, "broken.elf")
            broken.write_bytes(b"\x7fELF")
            done = subprocess.run([sys.executable, TOOLS / "latency.py", "--timeout", "2", broken, IMAGE,
                                   IMAGE.with_name("stuck.elf")], check=False, capture_output=True, text=True,
                                  timeout=200)
        self.assertEqual(done.returncode, 14)
        self.assertRegex(done.stderr, r"latency: \d of 3: broken: not measured: ")
        self.assertRegex(done.stderr, r"latency: \d of 3: stuck: did not end in time")
        self.assertRegex(done.stderr, r"latency: \d of 3: counted: powered off")
        self.assertIn("  counted, ", done.stdout)

    def test_control_c_ends_it_at_once(self):
        images = [IMAGE.with_name(f"{name}.elf") for name in ("counted", "stuck", "hang", "spin", "user_hang")]
        with subprocess.Popen([sys.executable, TOOLS / "latency.py", "--timeout", "100", *images], text=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True) as process:
            self.assertIn("1 of 5: counted", process.stderr.readline())
            os.killpg(process.pid, signal.SIGINT)
            self.assertIn("interrupted", process.communicate(timeout=60)[1])
        self.assertEqual(process.returncode, 130)


class Ticks(unittest.TestCase):
    def lost(self, *lines):
        return ticks.lost(["clock", *lines], hex)

    def test_one_pulse_is_kept_and_the_others_belong_to_the_stretch_that_ends_next(self):
        pulse = (ticks.PULSE, ticks.NO_PULSE)
        boot = (*pulse, ticks.TAKEN, "tick")
        stretch = (*pulse, *pulse, *pulse, "stretch 1f 20\n", ticks.TAKEN, "tick")
        self.assertEqual(self.lost(*boot, *stretch, *pulse, *pulse), (2, {"0x1f": 2}))

    def test_the_clock_interrupt_may_come_before_the_line_of_the_stretch_that_it_ends(self):
        pulse = (ticks.PULSE, ticks.NO_PULSE)
        boot = (*pulse, *pulse, ticks.TAKEN, "tick")
        stretch = (*pulse, *pulse, *pulse, ticks.TAKEN, "stretch 1f 20", "tick")
        self.assertEqual(self.lost(*boot, *stretch), (2, {ticks.BOOT: 1, "0x1f": 2}))

    def test_pulses_before_the_clock_runs_do_not_count_and_a_level_that_stays_is_no_pulse(self):
        before = [ticks.PULSE, ticks.NO_PULSE] * 3
        self.assertEqual(ticks.lost([*before, "clock", ticks.PULSE, ticks.PULSE, ticks.TAKEN, "tick"], hex), (1, {}))


if __name__ == "__main__":
    unittest.main()
