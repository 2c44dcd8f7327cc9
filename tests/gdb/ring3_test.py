"""Every command on a process in ring 3 that is switched out: it sleeps in a system call."""

import unittest

from session import debug, program

COMMANDS = ["ps", "ready", "sleeping", "semaphores", "kstack 4", "bt 4", "detour 4", "kstack 4 4"]


class SwitchedOut(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.session = debug(program("gdb_explain"), ["break ring3_sleeps", "continue", *COMMANDS])

    def test_the_tables(self):
        self.assertRegex(self.session["ps"], r"\n +4 +explained +sleeping +21 +3 +2 +msec \d+, in \d")
        self.assertRegex(self.session["sleeping"], r"\n1\. +4 +explained +sleeping +msec \d+, in \d")
        self.assertNotIn("explained", self.session["ready"])
        self.assertEqual(self.session["semaphores"], "no semaphore is in use")

    def test_both_stacks_word_by_word(self):
        """The words of ctxsw, the frame of the system call, and the user stack, in this order."""
        self.assertRegex(self.session["kstack 4"], r"(?s)^process 4 \(explained\), sleeping, switched out\n"
                         r".*EDI of \S+, saved by ctxsw\n.*return address of ctxsw: resched\+0x"
                         r".*EAX of sleepms, pushed by pushal\n.*EIP, pushed by (the CPU|sysenter_entry): sleepms\+0x"
                         r".*CS of sleepms, .*: ring 3\n.*ESP of sleepms, .*STACKMAGIC, at prstkbase\n  in ring 3:\n"
                         r".*EBX of main, saved by sleepms\n.*return address of sleepms: main\+0x\w+ "
                         r"\(tests/user/explained.c:\d+\)\n"
                         r"  \w{8}  00000005  argument 1 of sleepms\n.*return address of main: _start\+0x")

    def test_no_more_words_than_wanted(self):
        self.assertRegex(self.session["kstack 4 4"], r"(?s)^process 4.*\(\d+ more\)")
        self.assertLess(len(self.session["kstack 4 4"].splitlines()), 16)

    def test_the_functions_through_both_rings(self):
        self.assertRegex(self.session["bt 4"], r"(?s)ctxsw\+0x.* resched\+0x.* (system_call_entry|sysenter_entry)\+0x"
                         r".* sleepms\+0x.*user/lib/stubs\.S:\d+\)\n.* main\+0x\w+ \(tests/user/explained\.c:\d+\)\n"
                         r".* _start\+0x\w+ \(user/lib/start\.S:\d+\)$")

    def test_no_detour(self):
        self.assertRegex(self.session["detour 4"], r"verdict: no detour is pending or running$")


if __name__ == "__main__":
    unittest.main()
