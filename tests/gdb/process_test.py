"""`process`: gdb's own frames and locals of processes that are switched out, in both rings."""

import unittest

from recorded import OneRecording
from session import built, debug, program

TO_A_TICK = ["break clkhandler if clkcountermsec == 20", "continue", "delete"]
PROGRAM = "tests/gdb/locals.c"


class Ring0(unittest.TestCase):
    def test_frames_and_locals_stay_until_the_machine_runs(self):
        session = debug(built(PROGRAM), [
            *TO_A_TICK, "bt", "process 2", "info locals", "info args", "up", "print table", "print *(&pair)", "down",
            "print total", "bt", "process", "process 2", "stepi", "process", "stepi", "print total",
            "continue"])
        self.assertRegex(session["process 2"], r"^process 2 \(Main process\), sleeping, switched out\n"
                                               r"#\d+ .* in sum \(first=11, second=33\) at .*locals\.c:\d+\n")
        self.assertEqual(session["info locals"], "total = 44")
        self.assertEqual(session["info args"], "first = 11\nsecond = 33")
        self.assertEqual(session["print table"], "$1 = {11, 0, 0}")
        self.assertRegex(session["print *(&pair)"], r'first = 1,\s+second = "\\002\\003",\s+third = 4')
        first, last = session.all("print total")
        self.assertEqual(first, "$3 = 44")
        self.assertRegex(session.all("bt")[1], r"(?s)^#0 +ctxsw .* resched .* sleepms .* sum .* main ")
        self.assertNotIn(" sum ", session.all("bt")[0])
        self.assertRegex(session["process"], r"^#0 +clkhandler")
        self.assertIn('No symbol "total"', last)
        self.assertIn("44 4 text\n", session.console)  # nothing was changed

    def test_one_command(self):
        session = debug(built(PROGRAM), [*TO_A_TICK, "process 2 print total", "print total", "process 2 frame function "
                                         "main", "process 0 bt", "bt", "process 2 nosuch", "bt 1"])
        self.assertEqual(session["process 2 print total"], "$1 = 44")
        self.assertIn('No symbol "total"', session["print total"])
        self.assertRegex(session["process 2 frame function main"], r"^#\d+ .* main \(\) at .*locals\.c")
        self.assertRegex(session["process 0 bt"].splitlines()[-1], r" _start \(\)")
        self.assertIn("Undefined command", session["process 2 nosuch"])
        self.assertNotIn(" sum ", session["bt"])

    def test_an_interrupted_process_and_the_running_one(self):
        session = debug(program("gdb_explain"), ["break planted", "continue", "process 3 bt", "process 2", "process 0",
                                                 "process 99", "process x", "process 2 info frame"])
        self.assertRegex(session["process 3 bt"], r"(?s) resched .* sleepms .* cbfreturn_planted .* receiver \(\)")
        self.assertRegex(session["process 2"], r"running\n#0 +planted ")
        self.assertRegex(session["process 0"], r"prnull\), ready, switched out\n#1 ")
        self.assertEqual(session["process 99"], "there is no process 99; `ps` lists them")
        self.assertIn("x is no process id", session["process x"])
        self.assertIn("Stack level 0", session["process 2 info frame"])

    def test_one_that_has_not_begun(self):
        session = debug(program("gdb_frames"), ["process 1", "break ctxsw", "continue", "process 1", "bt"])
        self.assertIn("the kernel has not booted yet", session.all("process 1")[0])
        self.assertEqual(session.all("process 1")[1],
                         "process 1 has not begun yet, or its stack is damaged: `kstack 1`")
        self.assertRegex(session["bt"], r"^#0 +ctxsw")


class Ring3(unittest.TestCase):
    def test_one_command_sees_its_memory(self):
        session = debug(built(PROGRAM, ring=3), [
            *TO_A_TICK, "process 3 bt", "process 3 info locals", "process 3 frame function main", "bt", "continue"])
        self.assertRegex(session["process 3 bt"], r"(?s) resched .* sleepms \(\) at .*user/lib.* sum \(first=11, "
                                                  r"second=33\) at .* main \(\) at .*locals\.c")
        self.assertEqual(session["process 3 info locals"], "total = 44")
        self.assertNotIn(" sum ", session["bt"])
        self.assertIn("44 4 text\n", session.console)

    def test_another_address_space(self):
        """The CPU is in one ring-3 process, and the other one is looked at."""
        session = debug(program("gdb_programs"), [
            "break handle_send", "continue", "continue", "ps", "print $cr3", "process 3 bt",
            "process 3 program", "program", "print $cr3", "bt", "delete", "continue"])
        before, after = session.all("print $cr3")
        self.assertEqual(before.split("=", 1)[1], after.split("=", 1)[1])
        self.assertRegex(session["ps"], r"\* +4 +sender")
        self.assertRegex(session["process 3 bt"], r"(?s) sleepms \(\) at .*user/lib.* main \(\) at .*message\.c")
        self.assertIn("* message", session["process 3 program"])
        self.assertIn("* sender", session["program"])
        self.assertRegex(session["bt"], r"main \(.*sender\.c")
        self.assertEqual(session.console, debug(program("gdb_programs"), ["continue"]).console)


class Rewind(OneRecording):
    @classmethod
    def image(cls):
        return built(PROGRAM, ring=3)

    def test_a_recording_goes_on_as_it_was(self):
        answers = self.rewind("seek msec 20", "process 3 info locals", "process 3 up", "stepi", "seek end", "seek -5",
                              "continue", "seek")
        self.assertEqual(answers[1], "total = 44\n")
        self.assertIn("main ()", answers[2])
        self.assertIn("The recording ends here", answers[6])
        self.assertIn("the end of the recording", answers[7])


if __name__ == "__main__":
    unittest.main()
