"""The symbols of ring-3 programs: those of the program that runs, loaded automatically; and breakpoints in several."""

import pathlib
import shutil
import tempfile
import unittest

from session import built, debug, program

FOLLOWED = ["bt", "program"]  # where it is, and whose symbols there are


def loaded(answer):
    """The program that `program` marks."""
    marked = [line[2:] for line in answer.splitlines() if line.startswith("* ")]
    return marked[0] if marked else None


class OwnProgram(unittest.TestCase):
    """make debug APP=... RING=3"""

    @classmethod
    def setUpClass(cls):
        cls.image = built("tests/gdb/ring3_program.c", ring=3)

    def test_break_main_is_that_of_the_program(self):
        session = debug(self.image, ["break main", "break on_alarm", "continue", "bt", "next", "continue",
                                     "print rounds",
                                     "ps", "delete", "continue"])
        first, second, _ = session.all("continue")
        self.assertIn("Breakpoint 1.2, main () at ", first)
        self.assertIn("ring3_program.c", first)
        self.assertRegex(session["bt"], r"#0 +main \(\) at .*ring3_program.c:\d+\n#1 .* in _start \(\)")
        self.assertIn("cbsignal(CB_ALARM", session["next"])
        self.assertIn("Breakpoint 2, on_alarm ()", second)
        self.assertEqual(session["print rounds"], "$1 = 0")
        self.assertRegex(session["ps"], r"\* +3 +ring3_program +current +20 +3 ")
        self.assertIn("rounds: 1", session.console)

    def test_callbacks_of_ring_3_have_names_in_ps(self):
        session = debug(self.image, ["break wake_after", "continue", "ps"])
        self.assertRegex(session["ps"], r"alarm on_alarm at msec \d+, in \d")

    def test_a_file_that_is_not_the_program_in_the_image(self):
        with tempfile.TemporaryDirectory() as folder:
            image = shutil.copy(self.image, folder)
            listed = self.image.with_suffix(".programs").read_text(encoding="utf-8").splitlines()
            other = next(line for line in listed if line.startswith("- hello ")).split(" ", 2)[2]
            pathlib.Path(image).with_suffix(".programs").write_text(f"- ring3_program {other}\n", encoding="utf-8")
            session = debug(image, ["break wake_after", "continue", "continue", "program"])
        self.assertEqual(session.output.count("is not the ring3_program in the image; build the image again"), 1)
        self.assertIsNone(loaded(session["program"]))


class SeveralPrograms(unittest.TestCase):
    def test_each_is_known_when_it_runs(self):
        session = debug(program("gdb_programs"),
                        ["program", "break handle_send", "continue", *FOLLOWED, "continue", *FOLLOWED,
                                                  "break look", "continue", "continue", "program"])
        self.assertIsNone(loaded(session.all("program")[0]))
        self.assertEqual([loaded(answer) for answer in session.all("program")[1:3]], ["message", "sender"])
        self.assertIn("message.c", session.all("bt")[0])
        self.assertIn("sender.c", session.all("bt")[1])

    def check_breakpoints(self, before):
        session = debug(program("gdb_programs"), [*before, *["continue", *FOLLOWED] * 4, "delete", "continue"])
        stops = ["on_message () at .*message.c", r"main \(argc=3, .*sender.c", "on_message () at .*message.c",
                 "main () at .*hello.c"]
        stops = [stop.replace("()", r"\(\)") for stop in stops]
        for stop, answer, trace in zip(stops, session.all("continue"), session.all("bt")):
            self.assertRegex(answer, r"reakpoint \d, " + stop)
            self.assertRegex(trace, "^#0 +" + stop)
        self.assertEqual([loaded(answer) for answer in session.all("program")],
                         ["message", "sender", "message", "hello"])
        self.assertNotIn("Traceback", session.output)
        self.assertIn("hello from process", session.console)

    def test_breakpoints_in_programs_that_are_loaded_by_hand(self):
        self.check_breakpoints(["program message", "break on_message", "program sender", "break sender.c:main",
                                "program hello", "tbreak hello.c:main if currpid > 0"])

    def test_pending_breakpoints(self):
        self.check_breakpoints(["set breakpoint pending on", "break on_message", "break sender.c:main",
                                "break hello.c:main"])

    def test_a_breakpoint_does_not_stop_another_program_at_the_same_address(self):
        session = debug(program("gdb_programs"),
                        ["program hello", "break main", "disable 1.1", "continue", *FOLLOWED, "info breakpoints"])
        self.assertEqual(loaded(session["program"]), "hello")
        self.assertIn("hello.c", session["bt"])
        self.assertIn("already hit 1 time", session["info breakpoints"])

    def test_commands_of_a_breakpoint_are_carried_out(self):
        commands = "commands 1\nsilent\nprint received\ncontinue\nend"
        session = debug(program("gdb_programs"),
                        ["program message", "break message.c:15", commands, "program hello", "continue"])
        self.assertIn("$1 = 4711", session["continue"])
        self.assertIn("$2 = 815", session["continue"])

    def test_wrong_names(self):
        session = debug(program("gdb_programs"), ["program nosuch", "program hello message", "help program"])
        self.assertEqual(session["program nosuch"], "there is no program nosuch in this image; `program` lists them")
        self.assertIn("there is no program hello message", session["program hello message"])
        self.assertIn("program NAME", session["help program"])

    def test_an_image_without_programs(self):
        session = debug(program("hello"), ["program", "break main", "continue"])
        self.assertEqual(session["program"], "there are no ring-3 programs in this image")
        self.assertIn("Breakpoint 1, main ()", session["continue"])


if __name__ == "__main__":
    unittest.main()
