"""`where` and `detour`: whose code runs, what will happen to a detour, and what shows it; in both rings."""

import re
import unittest

from session import debug, program

RUNNING = "verdict: all is kept; when the callback has returned, the process will go on exactly where it was"


def evidence(answer):
    """The lines of `where` by their first word; the verdict under ''."""
    first, *rest = answer.splitlines()
    found = {"": first}
    key = ""
    for line in rest:
        word, _, text = line.strip().partition(" ")
        if line.startswith("   ") or word not in ("CS", "address", "stack"):
            found[key] += " " + line.strip()
        else:
            key = word
            found[key] = text.strip()
    return found


class Where(unittest.TestCase):
    """Stops in code of each kind."""

    def stop(self, *commands):
        session = debug(program("gdb_explain"), [*commands, "where"])
        self.assertNotIn("Traceback", session.output)
        return evidence(session["where"])

    def check(self, found, what, ring, address, how, bottom):
        self.assertIn(what, found[""])
        self.assertRegex(found["CS"], rf"ring {ring}$")
        self.assertIn(address, found["address"])
        self.assertIn(how, found["stack"])
        self.assertIn(f"its bottom is {bottom}, which began the process", found["stack"])

    def test_user_code(self):
        self.check(self.stop("break planted", "continue"), "is user code", 0, "kernel.app_text",
                   "nobody has interrupted or called it", "main")

    def test_a_system_call(self):
        self.check(self.stop("break planted", "continue", "break resched if currpid == 2", "continue"),
                   "is an interrupt handler: clkdisp", 0, "the kernel:", "clkdisp has interrupted spin", "main")
        self.check(self.stop("break sleepms if currpid == 2", "continue", "tbreak ctxsw", "continue"),
                   "is a system call: sleepms", 0, "the kernel:", "has called sleepms", "main")

    def test_an_interrupt_handler(self):
        self.check(self.stop("break spin", "continue", "tbreak clkhandler", "continue"),
                   "is an interrupt handler: clkdisp", 0,
                   "the kernel:", "clkdisp has interrupted spin", "main")
        self.check(self.stop("break spin", "continue", "tbreak *clkdisp", "continue"),
                   "is an interrupt handler: clkdisp", 0,
                   "entry code", "clkdisp has interrupted spin", "main")

    def test_library_code(self):
        self.check(self.stop("break kprintf if currpid == 2", "continue"), "is shared library code", 0,
                   "library functions", "called by main",
                   "main")

    def test_a_callback_and_the_code_of_its_detour(self):
        self.check(self.stop("break on_alarm", "continue"), "is user code, in an event callback", 0, "the program:",
                   "a detour has called it", "main")
        self.check(self.stop("break *cbfmanager", "continue"), "is the code of a detour: cbfmanager", 0, "entry code",
                   "brings it back", "main")
        self.check(self.stop("break *cbfreturn", "continue"), "is the code of a detour: cbfreturn", 0, "entry code",
                   "brings it back", "receiver")

    def test_nobody(self):
        found = self.stop("break detour::report_if_stuck", "continue")
        self.assertIn("kernel code, on nobody's behalf", found[""])
        self.check(found, "", 0, "the kernel:", "boot, or the null process", "nulluser")

    def test_no_code(self):
        found = self.stop("break planted", "continue", "set $eip = 0x500")
        self.assertIn("is nothing that is code", found[""])
        self.assertIn("a wild jump?", found["address"])

    def test_ring_3(self):
        ring3 = ("break ring3_sleeps", "continue")
        self.check(self.stop("break handle_sleepms", "continue"), "is a system call of ring 3: sleepms", 0,
                   "the kernel:",
                   "has trapped into", "main")
        user = self.stop(*ring3, "program explained", "break explained.c:on_alarm", "continue")
        self.check(user, "is user code, in an event callback", 3, "a ring-3 program", "a detour has called it", "main")
        library = self.stop(*ring3, "program explained", "break strcpy if $cs == 0x1b", "continue")
        self.check(library, "is shared library code", 3, "the user library", "called by main", "main")
        page = self.stop(*ring3, "break *0xbffff000", "continue")
        self.check(page, "is the code of a detour: cbfmanager", 3, "the return page", "brings it back", "main")


class Detour(unittest.TestCase):
    def detour(self, *commands, ask="detour"):
        session = debug(program("gdb_explain"), [*commands, ask])
        self.assertNotIn("Traceback", session.output)
        return session[ask]

    PLANTED = ("break planted", "continue")

    def test_none(self):
        self.assertEqual(self.detour(*self.PLANTED).splitlines()[-1], "verdict: no detour is pending or running")

    def test_a_planted_return_address(self):
        answer = self.detour(*self.PLANTED, ask="detour 3")
        self.assertRegex(answer, r"registered: on_message\+0x0 \(.*gdb_explain.c:\d+\), for a message\n"
                                 r"due: a message has arrived")
        self.assertRegex(answer, r"pending: the return address of sleepms\(\), at \w{8}, was rewritten; it is \w{8} "
                                 r"cbfreturn\+0x0 ")
        self.assertRegex(answer, r"original: \w{8} receiver\+0x\w+ \(.*gdb_explain.c:\d+\), kept in "
                                 r"proctab\[3\].prdetour.original")
        self.assertTrue(answer.endswith("verdict: all is kept; the process will go on exactly where it was"))

    def test_a_planted_return_address_that_was_overwritten(self):
        answer = self.detour(*self.PLANTED, "set var *proctab[3].prdetour.slot = 0x41414141", ask="detour 3")
        self.assertRegex(answer, r"verdict: wrong: the word at \w{8} is not cbfreturn: .*41414141")
        answer = self.detour(*self.PLANTED, "set var proctab[3].prdetour.original = 7", ask="detour 3")
        self.assertIn("verdict: wrong: the kept address 00000007 is no code", answer)

    def registers(self, answer):
        names = re.findall(r"\b(eax|ecx|edx|ebx|esp|ebp|esi|edi|eip|efl) +([0-9a-f]{8})", answer)
        return {name: int(value, 16) for name, value in names}

    def test_a_running_alarm_callback(self):
        """The registers are then restored to what the command said."""
        setting = ["set $ebx = 0x1111", "set $esi = 0x2222", "set $edi = 0x3333", "set $ecx = 0x4444"]
        commands = ["break spin", "continue", "tbreak *clkdisp", "continue", "print $before = $esp + 12", *setting,
                    "break on_alarm", "continue", "detour"]
        session = debug(program("gdb_explain"), commands)
        answer = session["detour"]
        self.assertIn("claimed: the alarm callback", answer)
        self.assertRegex(answer, r"running: cbfmanager\+0x\w+ .*; the process was at spin\+0x")
        kept = self.registers(answer)
        self.assertEqual([kept[name] for name in ("ebx", "esi", "edi")], [0x1111, 0x2222, 0x3333])
        self.assertEqual(kept["efl"] & 0x202, 0x202)
        self.assertTrue(answer.endswith(RUNNING))

    def test_kept_words_that_were_overwritten(self):
        for change, verdict in (
            ("set var ((unsigned *)($kept))[8] = 0x500", "the kept EIP 00000500 is no code"),
            ("set var ((unsigned *)($kept))[9] = 0x1b", "the kept CS 0000001b is not one of ring 0"),
            ("set var ((unsigned *)($kept))[10] = 0x200", "the kept EFLAGS 00000200 cannot be"),
            ("set var ((unsigned *)($kept))[10] = 0x20202",
             "have bits that no process has (00020000): cbfmanager will end it"),
            ("set var ((unsigned *)($kept))[10] = 0x2", "IF clear: the process will go on with interrupts masked"),
        ):
            with self.subTest(change=change):
                kept = "python from detours import DetourOf; import gdb\n" \
                       "python gdb.set_convenience_variable('kept', next(f.cfa - 44 for f in DetourOf(2).functions " \
                       "if f.name == 'cbfmanager'))"
                answer = self.detour("break on_alarm", "continue", kept, change)
                self.assertIn("verdict: wrong: ", answer)
                self.assertIn(verdict, answer)

    def test_a_running_message_callback(self):
        answer = self.detour("break on_message", "continue")
        self.assertRegex(answer, r"claimed: the message callback.*\nrunning: cbfmanager\+.*; the process was at "
                                 r"receiver\+0x")
        self.assertRegex(answer, r"eax 00000001 ")  # sleepms() returns OK

    def test_ring_3(self):
        answer = self.detour("break ring3_sleeps", "continue", "program explained", "break explained.c:on_alarm",
                             "continue")
        self.assertRegex(answer, r"\(explained\), current, running\nclaimed: the alarm callback")
        self.assertRegex(answer, r"running: cbfmanager\+0x\w+ .*; the process was at main\+0x\w+ \(.*explained.c:\d+\)")
        self.assertRegex(answer, r"cs  0000001b  efl \w{5}2\w{2}")
        self.assertTrue(answer.endswith(RUNNING))

    def test_help_and_arguments(self):
        session = debug(program("gdb_explain"),
                        ["help where", "help detour", "where", *self.PLANTED, "detour 2 2", "detour 77"])
        for command in ("where", "detour"):
            self.assertGreater(len(session[f"help {command}"].splitlines()), 4)
        self.assertRegex(session["where"], r"^the kernel has not booted yet")
        self.assertIn("takes one process id", session["detour 2 2"])
        self.assertIn("there is no process 77", session["detour 77"])


if __name__ == "__main__":
    unittest.main()
