"""The judge on consoles as guests write them, honest ones and others; and what is made of its verdicts."""

import csv
import json
import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "labs"))
import boot  # noqa: E402
import judge  # noqa: E402
import lab as labs  # noqa: E402
import parameters  # noqa: E402
import platform_results  # noqa: E402
import report  # noqa: E402
import result  # noqa: E402
import session  # noqa: E402

NONCE = 0x1234ABCD
CRASH = """\
@1234abcd 0 begins
process 1 (Main process) ended by invalid opcode
  EAX 00000000  EBX 00000000
backtrace:
  0x00100036  cbfmanager+0x0 (arch/x86/entry/cbfmanager.S:73)
  0x0011593f  main+0x15 (labs/observe.c:40)
stack:
  c001ffc8  00000000  EDI of main
  c001ffcc  00000000  ESI of main
All user processes have completed.
"""


def a_check(name="one", **more):
    return labs.Check(**{"name": name, "task": 1, "points": 3, "tier": "handout", "held": False, "module": "checks",
                         "title": "it works", **more})


def verdict(text, expected, end="off", **more):
    return judge.judge(a_check(**more), boot.Boot(end, tuple(text.split("\n"))), NONCE, expected)


class Judge(unittest.TestCase):
    def test_all_lines_in_order_and_the_end(self):
        text = "Detour: ...\n@1234abcd 0 begins\nx is 3\n@1234abcd 1 at 7\n@1234abcd 2 end\n"
        self.assertTrue(verdict(text, ["begins", "at 7"]).passed)
        self.assertTrue(verdict(text, ["begins", "at {5..7}"]).passed)
        for wanted in (["begins"], ["begins", "at 7", "more"], ["at 7", "begins"], ["begins", "at {8..9}"],
                       ["begins", "at 71"], []):
            self.assertFalse(verdict(text, wanted).passed)

    def test_the_end_of_a_run_is_worth_nothing(self):
        for end in judge.ENDINGS:
            found = verdict("@1234abcd 0 begins\n", ["begins"], end)
            self.assertFalse(found.passed)
            self.assertEqual(found.expected, "it ends here")
            self.assertIn(judge.ENDINGS[end].format(limit=0).split("0")[0], found.got)
        self.assertTrue(verdict("@1234abcd 0 begins\n@1234abcd 1 end\n", ["begins"], "panic").passed)

    def test_a_forged_line(self):
        for line in ("@00000000 0 begins", "@1234abcd 1 begins", "@1234abce 0 begins"):
            found = verdict(f"{line}\n@1234abcd 0 begins\n@1234abcd 1 end\n", ["begins"])
            self.assertFalse(found.passed)
            self.assertIn("no report of this run", found.got)
            self.assertNotIn("1234abcd", found.got)  # results do not depend on the nonce
        self.assertFalse(verdict("@1234abcd 0 begins\n@1234abcd 1 end\n@1234abcd 1 end\n", ["begins"]).passed)

    def test_a_crash_has_cause_place_and_words(self):
        found = verdict(CRASH, ["begins", "goes on"])
        self.assertEqual((found.expected, found.got),
                         ("goes on", "nothing more: process 1 (Main process) ended by invalid opcode"))
        self.assertEqual(found.at, ("in cbfmanager+0x0 (arch/x86/entry/cbfmanager.S:73)",
                                    "in main+0x15 (labs/observe.c:40)", "c001ffc8  00000000  EDI of main",
                                    "c001ffcc  00000000  ESI of main"))

    def test_a_hang_has_time_and_place(self):
        text = CRASH.replace("process 1 (Main process) ended by invalid opcode", "non-maskable interrupt in process 1")
        found = verdict(text, ["begins", "goes on"], "limit", limit=2000)
        self.assertEqual(found.got, "nothing more: it was still running at msec 2000 of the machine's time")
        self.assertEqual(found.at[0], "in cbfmanager+0x0 (arch/x86/entry/cbfmanager.S:73)")

    def test_output_is_capped_and_printable(self):
        console = boot.Console()
        console(b"\x1b[2Jred\r\n\xff\n")
        self.assertEqual(console.lines(), ("?[2Jred", "?", ""))
        for flood in (b"x" * boot.MOST_BYTES, b"\n" * (boot.MOST_LINES + 1)):
            with self.assertRaises(boot.Flood):
                console(flood)
        self.assertLessEqual(len(console.lines()), boot.MOST_LINES)


class Stuck(unittest.TestCase):
    """Machines that do not even reach their own limit, which costs a minute each."""

    def run_with(self, is_stuck):
        """(names of the runs in their order, the verdicts), with a stand-in for the runs of ten checks."""
        tried = []

        def run(_lab, check, *_more):
            tried.append(check.name)
            return judge.Verdict(check, passed=not is_stuck(check.name, tried), stuck=is_stuck(check.name, tried))

        checks = [a_check(f"c{number}") for number in range(10)]
        with mock.patch.object(session, "run_check", run):
            return tried, session.run_checks(None, None, None, checks=checks, jobs=1)

    def test_a_few_and_no_more(self):
        tried, verdicts = self.run_with(lambda name, tried: True)
        self.assertEqual(tried, ["c0", "c1", "c2", "c0"])
        self.assertTrue(all(verdict.stuck and not verdict.points for verdict in verdicts))

    def test_a_busy_host_costs_no_points(self):
        tried, verdicts = self.run_with(lambda name, tried: name in ("c3", "c7") and tried.count(name) == 1)
        self.assertEqual(tried[10:], ["c3", "c7"])
        self.assertTrue(all(verdict.passed for verdict in verdicts))


class Numbers(unittest.TestCase):
    def test_they_depend_on_each_of_key_course_student_and_check(self):
        drawn = {parameters.draw(*who).number for who in ((b"k", "c", "s", "x"), (b"l", "c", "s", "x"),
                                                          (b"k", "d", "s", "x"), (b"k", "c", "t", "x"),
                                                          (b"k", "c", "s", "y"), (b"k", "cs", "", "x"))}
        self.assertEqual(len(drawn), 6)
        self.assertEqual(parameters.draw(b"k", "c", "s", "x"), parameters.draw(b"k", "c", "s", "x"))
        self.assertEqual({parameters.Given((n,)).between(0, 5, 7) for n in range(100)}, {5, 6, 7})

    def test_the_guest_has_the_same_layout(self):
        header = (ROOT / "labs" / "observe.h").read_text(encoding="utf-8")
        self.assertIn(f"#define GIVEN_NUMBERS {parameters.NUMBERS}\n", header)
        self.assertIn(f'#define OBSERVE_MARK "{parameters.MARK.decode()}"\n', header)


class Results(unittest.TestCase):
    """A hand-in with one check passed, one failed, one that needs it, and a bonus."""

    def setUp(self):
        self.lab = labs.load("alarm")
        names = {"register": True, "deliver": False, "once": False, "wild": True, "bounds": True}
        verdicts = [judge.Verdict(self.lab.check(name), passed, "" if passed else "callback 1 at 51",
                                  "" if passed else "callback 1 at 52", () if passed else ("in f+0x1 (a.c:3)",))
                    for name, passed in names.items()]
        self.found = result.of_handin(self.lab, "s<1>", verdicts, build="ok", notes=[], look=["a.c:3 has halt"])

    def test_points_and_text(self):
        self.assertEqual((self.found["points"], self.found["bonus"]), (8, 5))
        text = result.as_text(self.found)
        for words in ("deliver      0/9 ", "expected callback 1 at 51\n", "got      callback 1 at 52\n",
                      "in f+0x1 (a.c:3)", "make debug CHECK=deliver", "needs deliver, which failed: begin there",
                      "points: 8 of 23, and 5 of bonus"):
            self.assertIn(words, text)
        self.assertLessEqual(max(map(len, text.splitlines())), 120)

    def test_tables(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            refused = result.of_handin(self.lab, "s2", [], refused="s2.zip cannot be read", notes=[])
            report.write_all(self.lab, [self.found, refused], folder)
            with (folder / "table.csv").open(encoding="utf-8") as file:
                rows = list(csv.DictReader(file))
            shown = [(row["student"], row["state"], row["points"], row["deliver"], row["look"]) for row in rows]
            self.assertEqual(shown,
                             [("s<1>", "ok", "8", "0", "a.c:3 has halt"), ("s2", "refused", "0", "0", "")])
            suites = xml.parse(folder / "junit.xml").getroot()
            self.assertEqual([(suite.get("tests"), suite.get("failures"), suite.get("errors")) for suite in suites],
                             [("5", "2", "0"), ("1", "0", "1")])
            page = (folder / "index.html").read_text(encoding="utf-8")
            self.assertIn("expected callback # at #; got callback # at #", page)
            self.assertIn("s&lt;1&gt;", page)
            self.assertNotIn("s<1>", page)

    def test_what_a_regrade_changes_is_said(self):
        with tempfile.TemporaryDirectory() as name:
            path = pathlib.Path(name, "s1.json")
            self.assertEqual(report.difference(path, self.found), "")
            path.write_text(result.as_json(self.found), encoding="utf-8")
            self.assertEqual(report.difference(path, self.found), "")
            self.assertIn("before: 8", report.difference(path, {**self.found, "points": 9}))

    def test_gradescope(self):
        made = json.loads(json.dumps(platform_results.gradescope(self.found)))
        self.assertEqual({test["name"].split(":")[0]: (test["score"], test["max_score"], test["visibility"])
                          for test in made["tests"]},
                         {"register": (7, 7, "visible"), "deliver": (0, 9, "visible"), "once": (0, 6, "visible"),
                          "wild": (5, 0, "visible"), "bounds": (1, 1, "after_due_date"),
                          "to look at": (0, 0, "hidden")})
        self.assertIn("7 of 22 points in the public checks", made["output"])
        broken = platform_results.gradescope(result.of_handin(self.lab, "s", [], build="error: x", notes=[]))
        self.assertEqual((broken["score"], broken["tests"], "error: x" in broken["output"]), (0, [], True))

    def test_autolab(self):
        self.assertEqual(platform_results.autolab(self.found), {"scores": {"task 1": 8, "task 2": 0}})

    def test_students_of_gradescope(self):
        self.assertEqual(platform_results.student({"users": [{"email": "a.b-c@d.edu"}]}), "a.b-c")
        self.assertRegex(platform_results.student({"users": [{"email": "../x@d"}]}), r"^s[0-9a-f]{10}$")


if __name__ == "__main__":
    unittest.main()
