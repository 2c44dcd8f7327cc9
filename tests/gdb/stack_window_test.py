"""`layout stack`: the stack beside the source, up to date at each prompt, and the console's text below."""

import re
import shutil
import sys
import unittest

from live_test import ENVIRONMENT, SECONDS, terminal
from recorded import REWIND, Recordings
from session import built, debug
from terminal import Terminal

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
            self.assertRegex(screen.until(r"(?s)boot\.S.*\(gdb\)$"),
                             r"(?s)the kernel has not booted.*there are no processes.*`break main`")
            for command, answer in (("break sleepms", "Breakpoint 1 at"), ("continue", r"Breakpoint 1, sleepms")):
                screen.type(command)
                text = screen.until(rf"(?s){answer}.*\(gdb\)$")
            windows, _, commands = text.rpartition("remote")
            self.assertRegex(windows, r"sleep\.cpp.*process 2 \(Main process\), current, running")
            self.assertIn("0000002c  sum's own: total", windows)
            self.assertNotIn("KiB of memory are free", windows)
            self.assertRegex(commands, r"(?m)^Detour: \d+ KiB of memory are free")
            self.follows_to_another_process_and_ends(screen)

    def follows_to_another_process_and_ends(self, screen):
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

    def test_the_arrow_keys_lead_to_the_rest_of_a_line(self):
        right = SHOWN.replace("window.refresh()", "window.hscroll(22)")
        left = SHOWN.replace("window.refresh()", "window.hscroll(-100)")
        session = debug(built(PROGRAM), ["break sum", "continue", PRETENDED, SHOWN, right, left])
        self.assertRegex(session[SHOWN], r"(?m)^  \w{8}  \w{8}  return address of sum: main")
        self.assertRegex(session[right], r"(?m)^return address of sum: main")
        self.assertEqual(session[left], session[SHOWN])

    def test_in_a_recording_of_ring_3_it_follows_backwards(self):
        image = built("apps/examples/alarm.c", 3)
        recordings = Recordings()
        self.addCleanup(recordings.temporary.cleanup)
        recordings.record(image, "--deterministic")
        with Terminal([sys.executable, str(REWIND)], {**ENVIRONMENT, **recordings.environment}, SECONDS) as screen:
            screen.until(r"\(gdb\)$")
            screen.type("layout stack")
            screen.until(r"(?s)process 3 \(alarm\).*\(gdb\)$")
            screen.type("break ring")
            screen.until(r"(?s)Breakpoint 1 at.*\(gdb\)$")
            screen.type("reverse-continue")
            windows = screen.until(r"(?s)Breakpoint 1, ring.*\(gdb\)$").rpartition("remote")[0]
            self.assertRegex(windows, r"alarm\.c.*process 3 \(alarm\), current, running")
            self.assertRegex(windows, r"in ring 3:\s")
            self.assertRegex(windows, r"4000\w{4}  claimed alarm callback")
            self.assertNotRegex(screen.screen.text(), "SIGTRAP|SIGINT")
            screen.type("reverse-stepi")
            screen.until(r"(?s)reverse-stepi.*\(gdb\)$")
            self.follows_to_another_process_and_ends(screen)


if __name__ == "__main__":
    unittest.main()
