"""session.py itself: commands and their answers, the console, and the time limit."""

import os
import unittest
from unittest import mock

from session import debug, program


class Session(unittest.TestCase):
    def test_answers_and_console(self):
        session = debug(program("hello"),
                        ["info nosuch", "break main", "continue", "python\nprint(6 * 7)\nend", "continue"])
        self.assertIn("Undefined info command", session["info nosuch"])
        self.assertIn("Breakpoint 1, main ()", session.all("continue")[0])
        self.assertEqual(session["python\nprint(6 * 7)\nend"], "42")
        self.assertIn("\nhello\n", session.console)

    def test_gdb_and_its_children_write_in_order_whatever_the_caller_s_environment(self):
        script = "set trace-commands on\npipe print 1 | cat\nset trace-commands off"
        with mock.patch.dict(os.environ, PYTHONPATH="/nowhere"):
            os.environ.pop("PYTHONUNBUFFERED", None)
            session = debug(program("hello"), [script])
        self.assertEqual(session[script], "+pipe print 1 | cat\n+print 1 \n$1 = 1\n+set trace-commands off")

    def test_a_session_without_an_end_is_ended(self):
        with self.assertRaisesRegex(AssertionError, "ended after 2 seconds"):
            debug(program("spin"), ["continue"], seconds=2)


if __name__ == "__main__":
    unittest.main()
