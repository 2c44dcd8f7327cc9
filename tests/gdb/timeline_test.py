"""`timeline`: which process ran when, in both rings."""

import re
import unittest

from recorded import OneRecording
from session import built, debug, program


def rows(answer):
    """{title: row}."""
    return dict(re.findall(r"^ *(\d+ [^|\n]*?) *\|(.*)\|$", answer, re.MULTILINE))


class Tour(OneRecording):
    @classmethod
    def image(cls):
        return built("apps/tour")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.answers = cls.recordings.rewind("seek", "timeline", "timeline 300", "seek", "timeline 9", "timeline x",
                                            "timeline 401", "seek switch 99", "seek send 1", "seek end")

    def test_one_process_at_a_time(self):
        found = rows(self.answers[2])
        self.assertEqual([title.split(" ", 1)[1] for title in found],
                         ["prnull", "Startup process", "Main process", "observer", "receiver", "sender"])
        self.assertEqual({len(row) for row in found.values()}, {300})
        empty = sum(all(mark == " " for mark in column) for column in zip(*found.values()))
        self.assertLess(empty, 20)  # before the first switch
        crowded = sum(sum(mark != " " for mark in column) > 2 for column in zip(*found.values()))
        self.assertLess(crowded, 60)

    def test_marks_in_the_rows_of_those_who_do_it(self):
        found = {title.split(" ", 1)[1]: row for title, row in rows(self.answers[2]).items()}
        self.assertEqual({name: row.count("D") for name, row in found.items() if "D" in row},
                         {"Main process": 1, "receiver": 1})
        self.assertEqual([name for name, row in found.items() if "s" in row], ["sender"])
        self.assertLess(found["sender"].index("s"), found["receiver"].index("D"))
        self.assertLess(found["Main process"].index("D"), found["sender"].index("s"))

    def test_the_ruler_rises_to_the_end(self):
        times = [int(time) for time in self.answers[2].splitlines()[1].split()[1:]]
        self.assertEqual(len(times), 30)
        self.assertEqual(times, sorted(times))
        self.assertGreater(times[-1], times[0])

    def test_width_and_place(self):
        self.assertEqual({len(row) for row in rows(self.answers[1]).values()}, {80})
        self.assertEqual(self.answers[0], self.answers[3])
        for answer in self.answers[4:7]:
            self.assertEqual(answer, "timeline takes a number of columns, 10 to 400\n")
        count = re.search(r"^(\d+) switches", self.answers[1])[1]
        self.assertIn(f"the recording has {count};", self.answers[7])


class Ring3(OneRecording):
    @classmethod
    def image(cls):
        return built("tests/gdb/ring3_program.c", ring=3)

    def test_a_detour_of_ring_3(self):
        found = rows(self.rewind("timeline")[0])
        self.assertEqual(found["3 ring3_program"].count("D"), 1)


class Live(unittest.TestCase):
    def test_it_takes_a_recording(self):
        self.assertIn("only a recording has a past", debug(program("hello"), ["timeline"])["timeline"])


if __name__ == "__main__":
    unittest.main()
