"""A machine that is looked into: it stops where it is to, and what a kernel may do about it is one clear line."""

import json
import os
import pathlib
import re
import subprocess
import sys
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "labs"))
import answers  # noqa: E402
import boot  # noqa: E402
import lab as labs  # noqa: E402
import parameters  # noqa: E402
import probe  # noqa: E402
import result  # noqa: E402


def subject_of(name, student):
    """The image of this lab with the kernel of this tree, as one student is asked about it."""
    lab = labs.load(name)
    done = subprocess.run(["sh", "tools/build/build.sh", "lab", name], cwd=ROOT, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, text=True, check=True)
    return answers.subject_of(lab, ROOT / done.stdout.strip(), "", student)


class Probe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.subject = subject_of("switch", "s1")

    def test_steps_registers_and_memory(self):
        with self.subject.machine("cost-tick") as machine:
            main, clkdisp = self.subject.symbol("main"), self.subject.symbol("clkdisp")
            self.assertEqual(machine.run_to(main), main)
            self.assertEqual(machine.word(self.subject.symbol("currpid")), 2)
            machine.write(self.subject.symbol("clkcountermsec"), 0xFFFFFF00)
            esp = machine.registers()["esp"]
            machine.step()  # push %ebp
            self.assertEqual(machine.registers()["esp"], esp - 4)
            self.assertEqual(machine.run_to(main + 1, clkdisp), clkdisp)
            self.assertEqual(machine.word(self.subject.symbol("clkcountermsec")), 0xFFFFFF00)
            with self.assertRaisesRegex(probe.ProbeError, "there is no memory at 0xfffff000"):
                machine.word(0xFFFFF000)

    def test_what_never_comes(self):
        with self.subject.machine("cost-tick") as machine, \
                self.assertRaisesRegex(probe.ProbeError, "^the machine ended, or reached msec 600 of its time, before"):
            machine.run_to(0x00100000)

    def test_a_machine_that_would_stop_for_ever(self):
        with self.subject.machine("cost-tick") as machine, mock.patch.object(probe, "MOST_STOPS", 500), \
                self.assertRaisesRegex(probe.ProbeError, "did not come there within 500 stops and steps"):
            for _ in machine.steps():
                pass

    def test_costs_are_those_that_the_kernel_measures_itself(self):
        """Here they are counted step by step; the table is made with the CPU's counter (`make bench`)."""
        lab = self.subject.lab
        table = json.loads((ROOT / "tests" / "costs" / "costs.json").read_text(encoding="utf-8"))
        if result.versions()["gcc"] != table["compiler"]:
            self.skipTest("the table is of another compiler")
        for name, row in (("cost-switch", "switch: yield, 2 processes ready"),
                          ("cost-tick", "detour: clock interrupt that changes nothing")):
            found = answers.compute(lab, lab.check(name), self.subject)
            self.assertAlmostEqual(found[name], table["counts"]["100"][row], delta=1)


class Runs(unittest.TestCase):
    def test_what_questions_are_about_is_shown_and_not_judged(self):
        done = subprocess.run([sys.executable, "tools/labs/grade.py"], cwd=ROOT, stdin=subprocess.DEVNULL,
                              env={**os.environ, "NAME": "stacks", "CHECK": "stops"}, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue(done.stdout.rstrip().endswith("All user processes have completed."), done.stdout)


class Faults(unittest.TestCase):
    """The hijack lab asks for what the kernel reports of a process; its model has it from the CPU."""

    NO_BIT = {"the kernel's memory": "user", "the page is read-only": "writable", "no such page": "present"}
    REPORT = re.compile(r"ended by page fault: (?:write to|read of) (\w+) \((.*)\)\n(?:.*\n){2}"
                        r"  eip (\w+)  cs  0000001b  efl \w+  err (\w+)\n")

    def test_answers_are_what_the_kernel_reports(self):
        built, seen = subject_of("hijack", "s1"), set()
        for student in ("s1", "s2", "s6"):
            subject = answers.Subject(built.lab, built.image, "", student)
            run = subject.lab.check("ring3")
            booted = boot.boot(parameters.prepared(subject.image, run, 0, subject.given(run.name)), run)
            text = "\n".join(booted.lines)
            (address, _, eip, error), (_, why, _, _) = self.REPORT.findall(text)
            found = answers.compute(subject.lab, subject.lab.check("report"), subject)
            self.assertEqual(found, {"report-address": int(address, 16), "report-eip": int(eip, 16),
                                     "report-error": int(error, 16)})
            found = answers.compute(subject.lab, subject.lab.check("apart"), subject)
            place, = re.findall(r"^  (\w+)  \w+  EIP, pushed by sysenter_entry: sleepms", text, re.MULTILINE)
            self.assertEqual(len(re.findall(r"^process \d+ is led elsewhere$", text, re.MULTILINE)), 1)
            self.assertEqual(found, {"missing-bit": self.NO_BIT[why], "led-elsewhere": "the one that wrote",
                                     "goes-on-by": int(place, 16)})
            seen |= {error, why}
        self.assertEqual(seen, {"00000005", "00000007", *self.NO_BIT})  # every case has been there


if __name__ == "__main__":
    unittest.main()
