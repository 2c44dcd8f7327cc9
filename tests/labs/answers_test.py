"""Answers of students: every sensible way to write one is taken, and every other is one clear line."""

import pathlib
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "labs"))
import answers  # noqa: E402
import collect  # noqa: E402
import lab as labs  # noqa: E402
import probe  # noqa: E402
import questions  # noqa: E402

LETTERS = {"a": "two", "b": "one", "c": "three"}
ASKED = {name: questions.Asked(questions.Question(name, kind, "run", "text", options=("user", "in a call")), {},
                               LETTERS if kind == "order" else {})
         for name, kind in (("count", "number"), ("place", "address"), ("near", "place"), ("steps", "order"),
                            ("mode", "choice"))}
MAP = """\
00100000 T kernel.text
00100ca0 T resched
001068b4 T ctxsw
001068d0 T detour::arch::prepare_first_stack(char*, void*, void (*)(), unsigned int const*, unsigned int)
0010dbc0 t twice
0010dbd0 t twice
00118000 T kernel.etext
"""


class Subject(answers.Subject):
    def __init__(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(questions, "load", return_value={}):
            image = pathlib.Path(folder, "x.elf")
            image.with_suffix(".map").write_text(MAP, encoding="utf-8")
            super().__init__(None, image, "", "s1")
        self.questions = ASKED


def check(*names):
    return labs.Check("one", 1, 3, "handout", True, "held", "it is known", answers=names)


def judged(text, right, *names):
    """The verdict on this file, when these are the right answers."""
    with mock.patch.object(answers, "compute", return_value=right) as compute:
        if isinstance(right, Exception):
            compute.side_effect = right
        return answers.judge_check(None, check(*(names or right)), f'student = "s1"\n{text}\n', Subject())


class Answers(unittest.TestCase):
    def test_every_way_to_write_it(self):
        for text, right in (
                ("count = 34", {"count": 34}), ('count = "34"', {"count": 34}), ("count = 0x22", {"count": 34}),
                ('count = " 0X22 "', {"count": 34}), ('count = "1_000"', {"count": 1000}),
                ('count = "1,000"', {"count": 1000}), ('count = "-3"', {"count": -3}),
                ("place = 0x1068bc", {"place": 0x1068BC}), ('place = "001068bc"', {"place": 0x1068BC}),
                ('place = "ctxsw+8"', {"place": 0x1068BC}), ('place = "<ctxsw + 0x8>"', {"place": 0x1068BC}),
                ('place = "ctxsw"', {"place": 0x1068B4}), ("place = 1075388", {"place": 0x1068BC}),
                ('near = "ctxsw+8"', {"near": 0x1068BC}), ('near = "prepare_first_stack + 3"', {"near": 0x1068D3}),
                ('near = "detour::arch::prepare_first_stack+3"', {"near": 0x1068D3}),
                ('near = "twice"', {"near": 0x10DBD0}), ('near = "twice+1"', {"near": 0x10DBC1}),
                ('steps = "b a c"', {"steps": ["one", "two", "three"]}),
                ('steps = "B, A, C"', {"steps": ["one", "two", "three"]}),
                ('steps = "bac"', {"steps": ["one", "two", "three"]}),
                ('steps = "b -> a > c"', {"steps": ["one", "two", "three"]}),
                ('steps = ["b", "a", "c"]', {"steps": ["one", "two", "three"]}),
                ('mode = " In  a CALL"', {"mode": "in a call"})):
            with self.subTest(text):
                self.assertEqual(judged(text, right).got, "")
                self.assertTrue(judged(text, right).passed)

    def test_a_wrong_one_is_shown_beside_the_right_one(self):
        for text, right, expected, got in (
                ("count = 33", {"count": 34}, "count: 34", "count: 33"),
                ("place = 0x1068bd", {"place": 0x1068BC}, "place: ctxsw+0x8", "place: ctxsw+0x9"),
                ("place = 0xc0001000", {"place": 0x1068BC}, "place: ctxsw+0x8", "place: 0xc0001000"),
                ('near = "ctxsw+0x1f"', {"near": 0x1068D3}, "near: prepare_first_stack+0x3", "near: ctxsw+0x1f"),
                ('near = "ctxsw+0x1b"', {"near": 0x1068D0}, "near: prepare_first_stack+0x0", "near: ctxsw+0x1b"),
                ('steps = "abc"', {"steps": ["one", "two", "three"]}, "steps: b a c", "steps: a b c"),
                ('mode = "user"', {"mode": "in a call"}, "mode: in a call", "mode: user")):
            with self.subTest(text):
                found = judged(text, right)
                self.assertEqual((found.passed, found.expected, found.got), (False, expected, got))

    def test_what_cannot_be_read_is_one_line(self):
        for text, message in (
                ('count = "about 30"', "count = 'about 30' is no number; write it like 34 or 0x22"),
                ("count = 3.5", "count = 3.5 is no number"), ("count = true", "is no number"),
                ("count = 1979-05-27", "is no number"), ("count = 0x" + "f" * 9000, "count = a huge number is no"),
                ("count = " + "9" * 9000, "is not TOML"), ("count = {a = [1]}", "is no number"),
                ('place = "nowhere+1"', "is no address"), ('place = "twice+1"', "is no address"),
                ('place = "ctxsw+x"', "is no address"), ('place = "0x"', "is no address"),
                ('near = "0x1068d3"', "is no place; write it like"), ("near = 1075388", "is no place"),
                ('near = "nowhere+1"', "is no place"), ('steps = "a b"', "each of the letters a b c once"),
                ('steps = "a a b c"', "each of the letters"),
                ("steps = 3", "each of the letters"), ('mode = "kernel"', "is to be one of: user, in a call"),
                ('count = ""', "count is not answered"), ("steps = []", "steps is not answered"), ("", "not answered"),
                ("count = = 3", "answers.toml is not TOML: "), ("count = 1\ncount = 2", "is not TOML"),
                ("x = " + "[" * 5000, "is not TOML"), ('count = "\\u001b[2J"', "'\\x1b[2J' is no number"),
                ("# " + "x" * 20000, "has more than 16 KiB")):
            name = next((name for name in ASKED if text.startswith(name)), "count")
            with self.subTest(text[:40]):
                found = judged(text, {name: 1})
                self.assertFalse(found.passed)
                self.assertIn(message, found.got)
                self.assertNotIn("\n", found.got)
                self.assertTrue(found.got.isprintable())

    def test_of_another_student(self):
        found = answers.judge_check(None, check("count"), 'student = "s2"\ncount = 1', Subject())
        self.assertIn("student = 's2', and this is the hand-in of \"s1\"", found.got)
        self.assertEqual(answers.complaints("student = 7", Subject()), [])  # nothing is answered yet
        self.assertEqual(answers.complaints("student = 7\ncount = 3", Subject())[0].count("\n"), 0)

    def test_a_kernel_that_does_not_come_there(self):
        found = judged("count = 3", probe.ProbeError("the machine ended"), "count")
        self.assertEqual((found.passed, found.got, found.stuck), (False, "the machine ended", False))
        self.assertTrue(judged("count = 3", probe.Stuck("too slow"), "count").stuck)

    def test_complaints_are_about_what_is_written_only(self):
        text = 'student = "s1"\ncount = "x"\n"a\\u0007b" = 3\nsteps = ""\n'
        self.assertEqual(answers.complaints(text, Subject()),
                         ["answers.toml: 'a\\x07b' is no question of this lab",
                          "answers.toml: count = 'x' is no number; write it like 34 or 0x22"])

    def test_symbols(self):
        subject = Subject()
        self.assertEqual(subject.symbol("prepare_first_stack"), 0x1068D0)
        for name, times in (("twice", 2), ("nowhere", 0)):
            with self.assertRaisesRegex(probe.ProbeError, f"the kernel has {times} times {name}"):
                subject.symbol(name)


class HandIns(unittest.TestCase):
    def test_a_file_that_is_no_text_costs_only_the_answers(self):
        lab = labs.Lab("demo", "Demo", ROOT, ("one.c", "answers.toml"), (), ())
        for content, message in ((b"\xff\xfe", "answers.toml is not UTF-8: byte 0 is 0xff"),
                                 (b"a\0", "it has a zero byte"), (b"#" * 300000, "has more than 256 KiB")):
            with tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, "one.c").write_text("int x;\n", encoding="utf-8")
                pathlib.Path(folder, "answers.toml").write_bytes(content)
                handin = collect.read(lab, pathlib.Path(folder))
            self.assertEqual((handin.refused, handin.files), ("", {"one.c": "int x;\n", "answers.toml": ""}))
            self.assertIn(message, handin.notes[0])


class Questions(unittest.TestCase):
    def test_they_differ_from_student_to_student_and_stay_the_same(self):
        for name in labs.names():
            for question in questions.load(labs.load(name)).values():
                with self.subTest(question.name):
                    asked = [questions.ask(question, "", student, {"kernel.text": 0, "kernel.etext": 9999}.get)
                             for student in ("s1", "s2", "s3", "s4", "s1")]
                    self.assertEqual(asked[0], asked[4])
                    if question.steps:
                        self.assertGreater(len({tuple(each.letters.values()) for each in asked}), 1)

    def test_mistakes_are_one_line(self):
        good = {"name": "a", "kind": "number", "run": "r", "text": "t"}
        for table, message in (({**good, "kind": "word"},
                                "question a: kind is not one of number address place order choice"),
                               ({**good, "steps": {}}, "question a: steps belong to the kind order"),
                               ({**good, "kind": "choice"}, "options belong to the kind choice"),
                               ({**good, "name": "A"}, "a name has up to 15"), ({"name": "a"}, "kind is missing"),
                               ({**good, "kind": "order", "steps": dict.fromkeys("abcdefghijklm", "x")}, "at most 12")):
            with self.subTest(message), self.assertRaisesRegex(labs.LabError, message):
                questions.parse(table, "q.toml")

    def test_the_form_has_every_question_and_says_nothing(self):
        for name in labs.names():
            lab = labs.load(name)
            if lab.asks:
                table = answers.read(questions.form(lab, "s1"))
                self.assertEqual(table, {"student": "s1", **dict.fromkeys(questions.load(lab), "")})


if __name__ == "__main__":
    unittest.main()
