"""`layout stack`: the stack beside the source, up to date at each prompt, and the console's text below."""

import re
import shutil
import unittest

from live_test import terminal
from session import built, debug

PROGRAM = "tests/gdb/locals.c"
PRETENDED = """python
import stack_window
class Pretended:
    width, height, title = 60, 40, ""
    def is_valid(self): return True
    def write(self, text, whole): self.text = text
pretended = Pretended()
window = stack_window.StackWindow(pretended)
window.refresh()
end"""
SHOWN = """python
window.refresh()
print(pretended.title)
print(pretended.text.replace(stack_window.REVERSE, "<").replace(stack_window.NORMAL, ">"))
end"""


@unittest.skipUnless(shutil.which("gdb"), "gdb is not installed")
class Window(unittest.TestCase):
    def test_windows_and_console(self):
        with terminal(built(PROGRAM)) as screen:
            screen.until(r"\(gdb\)$")
            screen.type("layout stack")
            self.assertIn("the kernel has not booted yet", screen.until(r"(?s)boot\.S.*\(gdb\)$"))
            for command, answer in (("break sleepms", "Breakpoint 1 at"), ("continue", r"Breakpoint 1, sleepms")):
                screen.type(command)
                text = screen.until(rf"(?s){answer}.*\(gdb\)$")
            windows, _, commands = text.rpartition("remote")
            self.assertRegex(windows, r"sleep\.cpp.*process 2 \(Main process\), current, running")
            self.assertIn("0000002c  sum's own: total", windows)
            self.assertNotIn("KiB of memory are free", windows)
            self.assertRegex(commands, r"(?m)^Detour: \d+ KiB of memory are free")
            screen.type("process 0")
            windows = screen.until(r"(?s)#\d.*\(gdb\)$").rpartition("remote")[0]
            self.assertRegex(windows, r"process 0 \(prnull\), ready, switched out")
            screen.type("kill")
            screen.until("killed")
            screen.type("quit")

    def test_the_word_that_a_line_writes_is_in_reverse(self):
        session = debug(built(PROGRAM), ["break sum", "continue", PRETENDED, SHOWN, "next", SHOWN])
        self.assertRegex(session[SHOWN], r"^process 2 \(Main process\), current, running\n")
        self.assertNotRegex(session.all(SHOWN)[0], r"(?m)^<")
        changed = re.findall(r"^<(.*)>$", session[SHOWN], re.MULTILINE)
        self.assertEqual([re.sub(r"^  \w{8}  ", "", line) for line in changed], ["0000002c  sum's own: total"])


if __name__ == "__main__":
    unittest.main()
