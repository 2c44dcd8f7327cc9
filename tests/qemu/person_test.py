"""A person at the terminal: pexpect types at the real console, through a pseudo-terminal and tools/run/run.py."""

import os
import pathlib
import sys
import unittest

import pexpect

RUN = pathlib.Path(__file__).resolve().parents[2] / "tools" / "run" / "run.py"
IMAGE = pathlib.Path(os.environ.get("DETOUR_PROGRAMS", "build/kernel/programs")) / "user_person.elf"
PROMPT = "xsh $ "
SECONDS = 60  # on a busy host

UP, DOWN, RIGHT, LEFT = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D"
HOME, END, DELETE, BACKSPACE, TAB = "\x1b[H", "\x1b[F", "\x1b[3~", "\x7f", "\t"
CLEAN = "left: kcheck clean; pages 0, semaphores 0, processes 0, files 0, pipes 0\r\n"


def control(letter):
    return chr(ord(letter) & 0x1F)


class Person(unittest.TestCase):
    def setUp(self):
        self.machine = pexpect.spawn(sys.executable, [str(RUN), str(IMAGE)], timeout=SECONDS, encoding="latin-1",
                                     dimensions=(25, 80))
        self.addCleanup(self.machine.close, force=True)
        self.machine.delaybeforesend = None
        self.see(PROMPT)

    def see(self, text):
        """Waits for this text behind what was seen before; returns what is between."""
        self.machine.expect_exact(text)
        return self.machine.before

    def type(self, keys):
        self.machine.send(keys)

    def says(self, keys, *lines):
        """Types a line; it prints these lines and nothing else, and the prompt is back."""
        self.type(keys + "\r")
        self.see("\r\n")  # of the echo
        self.assertEqual(self.see(PROMPT), "".join(line + "\r\n" for line in lines))

    def leave(self):
        """Ends the shell at its prompt: nothing has been left behind."""
        self.type(control("D"))
        self.see(CLEAN)
        self.machine.expect_exact(pexpect.EOF)
        self.machine.wait()
        self.assertEqual(self.machine.exitstatus, 0)

    def test_edits_a_line(self):
        self.says("echo abx" + BACKSPACE + "c", "abc")
        self.says("echo ad" + LEFT + "bc", "abcd")
        self.says("cho begin" + HOME + "e" + END + "ning", "beginning")
        self.says("echo xab" + LEFT * 3 + DELETE + RIGHT + "-", "a-b")
        self.says("echo one two  " + control("W") + "three", "one three")
        self.says("what is this" + control("U") + "echo that", "that")
        self.leave()

    def test_brings_back_earlier_lines(self):
        for word in ("one", "two", "three"):
            self.says("echo " + word, word)
        self.says(UP, "three")
        self.says(UP * 3 + BACKSPACE + "x", "onx")
        self.says("lost" + UP * 2 + DOWN + " more", "onx more")
        self.says("kept" + UP + DOWN)
        self.leave()

    def test_completes_commands(self):
        self.type("pers" + TAB)
        self.see("person ")
        self.says("x", "x of 2")
        self.type("mem" + TAB)
        self.assertIn("memdump  memstat  ", self.see(PROMPT + "mem"))
        self.type("s" + TAB)
        self.see("stat ")
        self.type(control("U"))
        self.says("nothin" + TAB + "g", "There is no command nothing; help lists those that there are.")
        self.leave()

    def test_interrupts_a_command_and_a_line(self):
        self.type("sleep 1000\r")
        self.see("\r\n")
        self.type(control("C"))
        self.see(PROMPT)
        self.type("echo lost" + control("C"))
        self.see("^C\r\n" + PROMPT)
        self.type("cat | cat\r")
        self.see("\r\n")
        self.type("through both\r")
        self.see("through both\r\nthrough both\r\n")
        self.type(control("C"))
        self.see(PROMPT)
        self.says("echo here", "here")
        self.leave()

    def test_stops_output_and_lets_it_go_on(self):
        self.type("sleep 1\r" + control("S"))
        with self.assertRaises(pexpect.TIMEOUT):
            self.machine.expect_exact(PROMPT, timeout=3)
        self.type(control("Q"))
        self.see(PROMPT)
        self.says("echo on", "on")
        self.leave()

    def test_types_to_a_command_until_control_d(self):
        self.type("cat\r")
        self.see("\r\n")
        self.type("first\r")
        self.see("first\r\nfirst\r\n")
        self.type(control("D"))
        self.see(PROMPT)
        self.type("cat > notes\rtwo\rlines\r" + control("D"))
        self.see(PROMPT)
        self.says("cat notes", "two", "lines")
        self.leave()

    def test_pipes_files_and_the_background(self):
        self.says("echo x > f")
        self.says("cat < f", "x")
        self.says("ls | cat", "       2  f")
        self.says("cat < f | cat | cat > g")
        self.says("cat f g", "x", "x")
        self.says("sleep 6 &")
        self.type("ps\r")
        self.assertIn("sleep ", self.see(PROMPT))
        self.says("sleep 7")
        self.type("ps\r")
        self.assertNotIn("sleep ", self.see(PROMPT))
        self.leave()

    def test_powers_off(self):
        self.type("poweroff\r")
        self.machine.expect_exact(pexpect.EOF)
        self.machine.wait()
        self.assertEqual(self.machine.exitstatus, 0)


if __name__ == "__main__":
    unittest.main()
