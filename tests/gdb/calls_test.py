"""`calls`: all system calls of a recording, with arguments and results, in both rings."""

import re
import unittest

from recorded import OneRecording
from session import ROOT, built, debug, program

PROGRAM = "tests/gdb/failing_calls.c"
LINE = re.compile(r"^ *(?P<at>\d+) +\d+  \d+ \([^)]*\) +(?P<call>\w+)\((?P<arguments>.*?)\)"
                  r"(?: = (?P<result>\S+)|  \(has not returned\)|) +\S+ \((?P<file>\S+):(?P<line>\d+)\)$", re.MULTILINE)


def calls(answer, file=PROGRAM):
    """(line, call, arguments, result) of those in this file."""
    return [(int(found["line"]), found["call"], found["arguments"], found["result"])
            for found in LINE.finditer(answer) if found["file"] == file]


def line_of(text):
    lines = (ROOT / PROGRAM).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


class Both:
    """In either ring."""

    options = ("--deterministic", "--limit", 300)
    ring = 0

    @classmethod
    def image(cls):
        return built(PROGRAM, ring=cls.ring)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.answers = cls.recordings.rewind("seek", "calls", "calls failed", "seek", "calls nosuch", "calls failed now",
                                            "seek send 1", "seek", "info breakpoints")

    def test_arguments_and_results(self):
        found = [call[1:] for call in calls(self.answers[1]) if call[1] != "getpid"]  # no system call in ring 3
        pid = "2" if self.ring == 0 else "3"
        self.assertEqual(found, [
            ("send", "99, 7", "SYSERR"), ("send", f"{pid}, 1", "1"), ("send", f"{pid}, 2", "SYSERR"),
            ("cbsignal", "2, on_message, 0", "0"), ("recvtime", "5", "1"), ("recvtime", "5", "TIMEOUT"),
            ("sleepms", "-1", "SYSERR"), ("chprio", "99, 5", "SYSERR"), ("getprio", pid, "20"),
            ("recvtime", "100000", None)])

    def test_where_each_is(self):
        lines = {(call, arguments): line for line, call, arguments, _ in calls(self.answers[1])}
        for call, arguments in (("send", "99, 7"), ("recvtime", "100000"), ("sleepms", "-1"), ("chprio", "99, 5")):
            self.assertEqual(lines[call, arguments], line_of(f"{call}({arguments})"))

    def test_those_that_failed(self):
        found = calls(self.answers[2])
        self.assertEqual([call for _, call, _, _ in found], ["send", "send", "sleepms", "chprio"])
        self.assertEqual({result for _, _, _, result in found}, {"SYSERR"})

    def test_the_first_column_leads_to_the_call(self):
        position = next(int(found["at"]) for found in LINE.finditer(self.answers[1]) if found["call"] == "send")
        text = "".join(self.recordings.rewind(f"seek {position}", "stepi", "bt"))
        self.assertRegex(text, r"send|system_call_entry|sysenter_entry")
        self.assertRegex(text, rf" main .*failing_calls.c:{line_of('send(99')}\n")

    def test_it_stays_where_it_was(self):
        self.assertEqual(self.answers[0], self.answers[3])
        for answer in self.answers[4:6]:
            self.assertEqual(answer, "there is `calls`, and `calls failed`; see `help calls`\n")


class Ring0(Both, OneRecording):
    pass


class Ring3(Both, OneRecording):
    ring = 3

    def test_what_the_library_writes_is_listed(self):
        self.assertIn('upcreate("failing_calls"', self.answers[1])


class Names(unittest.TestCase):
    def test_all_calls_are_known(self):
        names = set((ROOT / "tools/gdb/system_calls.py").read_text(encoding="utf-8").split())
        text = (ROOT / "include/xinu/prototypes.h").read_text(encoding="utf-8")
        text = text[text.index("pid32 create("):text.index("intmask disable(")]
        declared = set(re.findall(r"^(?:syscall|pid32|pri16|sid32|umsg32|status|char \*)\s*(\w+)\(", text,
                                  re.MULTILINE))
        self.assertGreater(len(declared), 25)
        named = {name.strip('"(') for name in names}
        self.assertEqual(sorted(declared - named), [])

    def test_a_live_machine_has_no_log(self):
        self.assertIn("only a recording has a past", debug(program("hello"), ["calls"])["calls"])


if __name__ == "__main__":
    unittest.main()
