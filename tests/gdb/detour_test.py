"""`detour`, `bt` and `where` at each instruction of whole detours, against what then happens: see detour_steps.py."""

import re
import unittest

from session import ROOT, debug, program

STEPS = ROOT / "tests" / "gdb" / "detour_steps.py"
SUMMARY = re.compile(r"^(.*): (\d+) instructions, (\d+) callbacks, (\d+) wrong$", re.MULTILINE)


class EveryInstruction(unittest.TestCase):
    def check(self, prove, expected):
        """expected: the detours by name, each with its callbacks and the least number of instructions."""
        session = debug(program("gdb_frames"),
                        ["break main", "continue", "delete", f"source {STEPS}", f"python {prove}()"],
                        seconds=280)
        wrong = [line for line in session.output.splitlines() if line.startswith("WRONG")]
        self.assertEqual(wrong[:10], [])
        found = {name: (int(count), int(callbacks)) for name, count, callbacks, _ in SUMMARY.findall(session.output)}
        self.assertEqual(found.keys(), expected.keys(), session.output[-3000:])
        for name, (least, callbacks) in expected.items():
            self.assertGreaterEqual(found[name][0], least, name)
            self.assertEqual(found[name][1], callbacks, name)

    def test_in_ring_0(self):
        self.check("prove_ring_0", {"tick": (150, 1), "planting": (100, 0), "return": (150, 2)})

    def test_in_ring_3(self):
        self.check("prove_ring_3", {"tick of ring 3": (400, 1), "return in ring 3": (300, 1),
                                    "another return in ring 3": (300, 1)})


class Damage(unittest.TestCase):
    """Words of a detour that were overwritten, as `detour`, `kstack` and `bt PID` see them; and what then happens."""

    IN_ALARM = ("break *on_alarm", "continue", "delete")

    def damage(self, *commands, afterwards=()):
        session = debug(program("gdb_explain"), [*self.IN_ALARM, *commands, "detour", "kstack", "bt 2", *afterwards])
        self.assertNotIn("Traceback", session.output)
        self.assertNotIn("verdict: all is kept", session["detour"])
        return session

    def test_a_number_for_a_callback(self):
        fault = "print/x ((unsigned *)$esp)[2]"  # EIP, after vector and error code
        session = self.damage("set var ((unsigned *)$esp)[1] = 1",
                              afterwards=("break exception_entry", "continue", fault))
        self.assertIn("verdict: wrong: the word for a claimed message callback is 00000001, no code: the process will "
                      "fault there",
                      session["detour"])
        self.assertRegex(session["kstack"], r"  00000001  claimed message callback: no code\n")
        self.assertRegex(session[fault], r"= 0x1$")

    def test_a_callback_of_a_kind_that_is_not_claimed(self):
        session = self.damage("set var ((unsigned *)$esp)[1] = (unsigned)&on_message")
        self.assertRegex(session["detour"],
                         r"verdict: wrong: .* message callback is \w{8} on_message\+0x0 .*, but none is claimed")
        self.assertRegex(session["kstack"],
                         r"message callback: on_message\+0x0 .*, but no message callback is claimed\n")

    def test_a_return_address_that_was_moved(self):
        session = self.damage("set var ((unsigned *)$esp)[0] += 1")
        moved = r"cbfmanager\+0x\w+ \(arch/x86/entry/cbfmanager.S:\d+\)"
        self.assertRegex(session["detour"],
                         rf"verdict: wrong: the return address of on_alarm, at \w{{8}}, is \w{{8}} {moved}: "
                                            r"no call ends there")
        self.assertRegex(session["kstack"], rf"return address of on_alarm: {moved}, no call ends there\n")
        self.assertRegex(session["bt 2"], rf"{moved}, no call ends there\n.* spin\+")

    def test_a_kept_address_that_was_moved(self):
        session = debug(program("gdb_explain"),
                        ["break planted", "continue", "set var proctab[3].prdetour.original += 1", "detour 3",
                                                 "kstack 3", "bt 3"])
        moved = r"receiver\+0x\w+ \(tests/qemu/programs/gdb_explain.c:\d+\)"
        self.assertRegex(session["detour 3"],
                         rf"verdict: wrong: the return address of sleepms, .* {moved}: no call ends there")
        self.assertRegex(session["kstack 3"], rf"prdetour.original keeps {moved}, no call ends there\n")
        self.assertRegex(session["bt 3"], rf"{moved}, no call ends there\n")

    def test_an_address_that_is_lost(self):
        session = debug(program("gdb_explain"),
                        ["break *cbfreturn", "continue", "set var proctab[3].prdetour.original = 0", "detour"])
        self.assertIn("verdict: wrong: the address to which sleepms() was to return is lost", session["detour"])

    def test_masked_interrupts_before_sleepms_are_no_damage(self):
        session = debug(program("gdb_explain"),
                        ["break *cbfreturn", "continue", "set $eflags = $eflags & ~0x200", "break on_message",
                                                 "continue", "detour"])
        self.assertRegex(session["detour"], r"efl 00000[014589cd]")  # IF clear
        self.assertIn("verdict: all is kept; when the callback has returned", session["detour"])

    def test_a_word_in_ring_3(self):
        record = "python from detours import DetourOf; import gdb\n" \
                 "python gdb.set_convenience_variable('record', " \
                 "next(f.esp for f in DetourOf(4).functions if f.name == 'cbfmanager'))"
        session = debug(program("gdb_explain"),
                        ["break ring3_sleeps", "continue", "program explained", "break explained.c:on_alarm",
                         "continue", record, "set var ((unsigned *)$record)[1] = 1", "detour", "kstack"])
        self.assertRegex(session["detour"], r"claimed: on_alarm\+0x0 .*, which is running\n")
        self.assertIn("verdict: wrong: the word for a claimed message callback is 00000001, no code", session["detour"])
        self.assertRegex(session["kstack"], r"  00000001  claimed message callback: no code\n")


if __name__ == "__main__":
    unittest.main()
