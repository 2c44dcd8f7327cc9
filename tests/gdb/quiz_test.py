"""`kstack --quiz`: hides what the words are, asks, and marks the answers."""

import re
import shutil
import unittest

from live_test import terminal
from session import built, debug

PROGRAM = "tests/gdb/locals.c"
TO_A_TICK = ["break clkhandler if clkcountermsec == 20", "continue"]
LETTERS = (("argument", "a"), ("return address", "r"), ("STACKMAGIC", "m"), ("saved by", "s"), ("'s own", "o"),
           ("itself", "s"), ("popal skips", "s"))


def letter(role):
    return next(letter for part, letter in LETTERS if part in role)


class Quiz(unittest.TestCase):
    def test_nothing_is_given_away(self):
        session = debug(built(PROGRAM, ring=3), [*TO_A_TICK, "kstack 3", "kstack --quiz 3", "kstack --quiz 99",
                                                 "kstack --quiz 3 4"])
        known = re.findall(r"^  (\w{8}  \w{8})  .*", session["kstack 3"], re.MULTILINE)
        quiz = session["kstack --quiz 3"]
        self.assertGreater(len(known), 30)
        for word in known:
            if f"{word}  made by" not in session["kstack 3"]:
                self.assertTrue(f"{word}  ?" in quiz or word not in quiz, word)
        self.assertNotRegex(quiz, "saved by|return address of|total")
        self.assertIn("0 of 0 right", quiz)  # there is no input
        self.assertEqual(session["kstack --quiz 99"], "there is no process 99; `ps` lists them")
        self.assertIn("kstack --quiz takes a process id", session["kstack --quiz 3 4"])

    @unittest.skipUnless(shutil.which("gdb"), "gdb is not installed")
    def test_answers_are_marked(self):
        image = built(PROGRAM)
        session = debug(image, [*TO_A_TICK, "kstack 2"])
        roles = dict(re.findall(r"^  (\w{8})  \w{8}  (.*)", session["kstack 2"], re.MULTILINE))
        with terminal(image) as screen:
            screen.until(r"\(gdb\)$")
            for command, answer in zip(TO_A_TICK, ("Breakpoint 1 at", "Breakpoint 1, clk")):
                screen.type(command)
                screen.until(answer)
            screen.type("kstack --quiz 2")
            for number in range(1, 11):
                text = screen.until(rf"{number}/10  \w{{8}}  \w{{8}}: ?$")
                address = re.findall(rf"{number}/10  (\w{{8}})", text)[-1]
                right = letter(roles[address])
                screen.type(right if number != 4 else "z")
                text = screen.until(rf"(?s){number}/10 .*\n(right|no, {right}): ")
            self.assertIn("9 of 10 right", screen.until(r"of 10 right\n\(gdb\)$"))
            screen.type("kill")
            screen.until("killed")
            screen.type("quit")


if __name__ == "__main__":
    unittest.main()
