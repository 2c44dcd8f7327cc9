"""`kstack`: the names of arguments and locals, in both rings."""

import unittest

from session import built, debug, program

TO_A_TICK = ["break clkhandler if clkcountermsec == 20", "continue"]
PROGRAM = "tests/gdb/locals.c"


class Names(unittest.TestCase):
    def assert_named(self, text):
        for line in ("0000002c  sum's own: total", "0000000b  argument 1 of sum: first",
                     "00000021  argument 2 of sum: second", "03020001  main's own: pair.first, pair.second[0]",
                     "00000004  main's own: pair.third", "0000000b  main's own: table[0]",
                     "00000000  main's own: table[1]", "00000000  main's own: table[2]"):
            self.assertRegex(text, r"(?m)^  \w{8}  " + line.replace("[", r"\[") + "$")
        self.assertRegex(text, r"(?m)^  \w{8}  \w{8}  main's own: text$")
        self.assertNotRegex(text, r"(?m): $|saved by \w+: (?!IF|PF|ZF|SF|CF|AF|OF)\w+$")

    def test_switched_out(self):
        session = debug(built(PROGRAM), [*TO_A_TICK, "process 2", "kstack 2", "kstack 2 3", "kstack", "frame",
                                         "print total", "process", "kstack 2", "frame"])
        self.assert_named(session["kstack 2"])
        self.assertRegex(session["kstack 2 3"], r"\(\d+ more\)")
        self.assertNotIn("total", session["kstack 2 3"])
        self.assertRegex(session["kstack"], r"process 0 .*running")
        self.assertEqual(session["print total"], "$1 = 44")  # `process 2` stays
        before, after = session.all("frame")
        self.assertIn(" sum ", before)
        self.assertRegex(after, r"^#0 +clkhandler")

    def test_running(self):
        session = debug(built(PROGRAM), ["break sleepms", "continue", "up", "kstack", "kstack 0", "frame"])
        self.assert_named(session["kstack"])
        self.assertRegex(session["frame"], r"^#1 .* sum ")  # the selected frame stays so

    def test_ring_3(self):
        session = debug(built(PROGRAM, ring=3), [*TO_A_TICK, "kstack 3", "frame"])
        kernel, _, user = session["kstack 3"].partition("in ring 3:")
        self.assert_named(user)
        self.assertNotIn("total", kernel)
        self.assertRegex(session["frame"], r"^#0 +clkhandler")

    def test_a_stack_that_cannot_be_followed(self):
        session = debug(program("gdb_explain"), ["break ring3_sleeps", "continue", "set $ebp = 3",
                                                 "set $esp = $esp - 2", "kstack"])
        self.assertRegex(session["kstack"], r"(?s)^process 2.* this cannot be followed any further.*c0037ff\w")


if __name__ == "__main__":
    unittest.main()
