"""`seek` by msec and by what happens, and `wrote`: on recordings in both rings."""

import re
import unittest

from recorded import OneRecording
from session import built, debug, program

THERE = re.compile(r"This is instruction (\d+) of \d+, at msec (\d+)\.")


def position(answer):
    return int(THERE.search(answer)[1])


class Tour(OneRecording):
    """Two sleepers, an alarm, a message, and the detours that they lead to."""

    @classmethod
    def image(cls):
        return built("apps/tour")

    def test_msec(self):
        answers = self.rewind("seek msec 4", "seek -1", "seek", "seek msec +2", "seek msec -5", "seek msec 0",
                              "seek msec 1000000", "seek msec soon", "seek msec", "seek")
        self.assertRegex(answers[0], r"clkhandler")
        self.assertEqual(THERE.search(answers[0])[2], "4")
        self.assertEqual(THERE.search(answers[2])[2], "3")
        self.assertEqual(THERE.search(answers[3])[2], "5")
        self.assertEqual((position(answers[4]), position(answers[5])), (0, 0))
        self.assertRegex(answers[6], r"^the recording ends at msec \d+\n$")
        self.assertIn("soon is no number", answers[7])
        self.assertIn("`seek msec`: there is", answers[8])
        self.assertEqual(position(answers[9]), 0)  # where a mistake leaves it

    def test_switches_are_numbered_and_follow_each_other(self):
        answers = self.rewind("seek switch 1", "info symbol $eip", "seek switch", "seek switch", "seek switch -1",
                              "seek switch +2", "seek end", "seek switch", "seek switch -1", "seek switch 0")
        self.assertEqual(answers[1].split()[0], "ctxsw")
        said = [re.search(r"Switch (\d+) of (\d+)\.", answer) for answer in answers]
        self.assertEqual([int(said[i][1]) for i in (0, 2, 3, 4, 5)], [1, 2, 3, 2, 4])
        places = [position(answers[i]) for i in (0, 2, 3, 5)]
        self.assertEqual(places, sorted(set(places)))
        count = int(said[0][2])
        self.assertEqual(answers[7], f"there is no such switch: the recording has {count}; {count} before this moment,"
                                     " 0 after it\n")
        self.assertEqual(said[8][1], said[8][2])
        self.assertIn("there is no such switch", answers[9])

    def test_the_detour_that_a_send_leads_to(self):
        answers = self.rewind("seek send 1", "info args", "seek detour", "seek detour -1", "seek", "seek detour 3")
        self.assertRegex(answers[0], r"(?s)\bsend \(.*Send 1 of 1\.\n$")
        self.assertIn("pid = 4", answers[1])
        self.assertRegex(answers[2], r"(?s)cbfreturn.*Detour 2 of 2\.\n$")
        self.assertRegex(answers[3], r"(?s)cbfmanager.*Detour 1 of 2\.\n$")
        self.assertEqual(position(answers[4]), position(answers[3]))
        self.assertIn("there is no such detour: the recording has 2", answers[5])

    def test_breakpoints_are_not_hit_on_the_way(self):
        answers = self.rewind("break ctxsw", "tbreak send", "seek switch 2", "seek send 1", "info breakpoints")
        for answer in answers[2:4]:
            self.assertNotIn("Breakpoint", answer)
        self.assertNotIn("already hit", answers[4])
        self.assertIn("send", answers[4])

    def test_who_wrote_a_return_address(self):
        answers = self.rewind("seek detour 2", "set $slot = (void **) ($esp - 4)", "wrote *$slot", "x/i $eip",
                              "print *$slot", "wrote", "seek", "wrote clkcountermsec")
        self.assertRegex(answers[2], r"^\*\$slot: 0x\w+ <receiver\+\d+> -> 0x\w+ <cbfreturn>\ninstruction \d+, msec "
                                     r"\d+, process \d+ \(sender\)\n=> .*mov")
        self.assertRegex(answers[2], r"(?s)message_arrived.* send .* sender ")
        self.assertIn(f"(`seek {position(answers[0])}` leads back", answers[2])
        self.assertIn(answers[3].split(":")[0], answers[2])
        self.assertIn("<receiver+", answers[4])
        self.assertRegex(answers[5], r"-> 0x\w+ <receiver\+\d+>\ninstruction \d+, msec \d+, process 4 \(receiver\)\n"
                                     r"=> .*call +.*sleepms")
        self.assertIn(f"instruction {position(answers[6])}, ", answers[5])
        self.assertRegex(answers[7], r"(?s)^clkcountermsec: (\d+) -> (\d+)\n.* in clkhandler")

    def test_members_are_named(self):
        answers = self.rewind("seek detour 2", "wrote proctab[4].prdetour", "seek send 1", "wrote proctab[3]",
                              "wrote proctab", "seek switch 3", "wrote proctab[2].prname")
        self.assertRegex(answers[1], r"^proctab\[4\]\.prdetour\.\w+: ")
        self.assertRegex(answers[3], r"^proctab\[3\]\.\w+")
        self.assertRegex(answers[4], r"^proctab\[\d\]\.\w+")
        self.assertRegex(answers[6], r'^proctab\[2\]\.prname: ".*" -> "Main process')

    def test_what_cannot_be_asked(self):
        answers = self.rewind("wrote", "wrote $eax", "wrote 3", "wrote main", "wrote nosuch",
                              "wrote system_call_handlers[0]", "wrote *(int *) 0x40000000", "seek", "info breakpoints")
        self.assertIn("wrote takes an expression", answers[0])
        for answer in answers[1:4]:
            self.assertIn("is nothing in memory", answer)
        self.assertIn("nosuch: No symbol", answers[4])
        self.assertEqual(answers[5], "nothing has written system_call_handlers[0] since the kernel began\n")
        self.assertIn("is memory of a ring-3 program", answers[6])
        self.assertEqual(position(answers[7]), self.first())
        self.assertIn("No breakpoints", answers[8])

    def first(self):
        return position(self.rewind("seek")[0])


class Ring3(OneRecording):
    @classmethod
    def image(cls):
        return built("tests/gdb/ring3_program.c", ring=3)

    def test_a_variable_of_a_program(self):
        answers = self.rewind("wrote rounds", "wrote", "seek detour -1", "seek detour", "seek switch 1", "wrote rounds")
        self.assertRegex(answers[0], r"(?s)^rounds: 0 -> 1\ninstruction \d+, msec 2\d, process 3 \(ring3_program\)\n.*"
                                     r" in on_alarm .* sleepms .* main ")
        self.assertEqual(answers[1], "nothing has written rounds since the kernel began\n")
        self.assertRegex(answers[2], r"(?s)redirect_user.*Detour 1 of 1\.")
        self.assertIn("there is no such detour", answers[3])
        self.assertIn("rounds is memory of a ring-3 program, and the current process runs none", answers[5])


class Live(unittest.TestCase):
    def test_it_takes_a_recording(self):
        session = debug(program("hello"), ["seek", "wrote clkcountermsec"])
        for answer in session["seek"], session["wrote clkcountermsec"]:
            self.assertEqual(answer, "only a recording has a past: `make record APP=...` records a run, `make rewind` "
                                     "goes back in it")


if __name__ == "__main__":
    unittest.main()
