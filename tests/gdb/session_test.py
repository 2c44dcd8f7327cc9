"""session.py itself: commands and their answers, the console, and the time limit."""

import unittest

from session import debug, program


class Session(unittest.TestCase):
    def test_answers_and_console(self):
        session = debug(program("hello"), ["info nosuch", "break main", "continue", "python\nprint(6 * 7)\nend", "continue"])
        self.assertIn("Undefined info command", session["info nosuch"])
        self.assertIn("Breakpoint 1, main ()", session.all("continue")[0])
        self.assertEqual(session["python\nprint(6 * 7)\nend"], "42")
        self.assertIn("\nhello\n", session.console)

    def test_a_session_without_an_end_is_ended(self):
        with self.assertRaisesRegex(AssertionError, "ended after 2 seconds"):
            debug(program("spin"), ["continue"], seconds=2)


if __name__ == "__main__":
    unittest.main()
