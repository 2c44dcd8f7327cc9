"""`kstack`, `bt PID` and the call frame information of the assembly: gdb's unwinder and the kernel's, at each
instruction."""

import re
import unittest

from session import ROOT, debug, program

STEPS = ROOT / "tests" / "gdb" / "frame_steps.py"
SUMMARY = re.compile(r"^(\d+) stops at (\d+) of (\d+) instructions, (\d+) wrong$", re.MULTILINE)
UNSEEN = {  # what the program does not reach
    r"vector_stubs \+ \d+": "the stub of vector 48: int $0x30 from ring 0 comes by system_call_entry",
    r"system_call_entry \+ \d+": "a system call by int $0x30 whose number does not exist",
    r"cbfmanager \+ 9\d": "behind the iret: what a damaged frame leads to",
    r"userret \+ 7": "behind the call of exit(), which does not return",
}


class EveryInstruction(unittest.TestCase):
    def test_the_callers_are_found_at_each(self):
        session = debug(program("gdb_frames"),
                        ["break main", "continue", "delete", f"source {STEPS}", "python prove(9000)"],
                        seconds=240)
        summary = SUMMARY.search(session.output)
        self.assertTrue(summary, session.output[-3000:])
        wrong = [line for line in session.output.splitlines() if line.startswith("WRONG")]
        self.assertEqual(wrong[:10], [])
        for line in re.findall(r"^unseen (.*)$", session.output, re.MULTILINE):
            self.assertTrue(any(re.fullmatch(known, line) for known in UNSEEN), line)
        self.assertGreaterEqual(int(summary[2]), 195)
        self.assertGreater(int(summary[1]), 1000)


class Commands(unittest.TestCase):
    def test_a_new_process(self):
        session = debug(program("gdb_frames"),
                        ["break ctxsw", "continue", "bt 1", "kstack 1", "kstack 99", "bt 99", "kstack 1 2 3"])
        self.assertRegex(session["bt 1"], r"^process 1 \(Startup process\), .*switched out\n"
                                          r"  0x[0-9a-f]{8}  ctxsw\+0x[0-9a-f]+ .*\n"
                                          r"  0x[0-9a-f]{8}  .*startup.*\+0x0 .*\n"
                                          r"  0x[0-9a-f]{8}  userret\+0x0 \(arch/x86/entry/userret.S:\d+\)$")
        self.assertIn("return address of ctxsw: ", session["kstack 1"])
        self.assertRegex(session["kstack 1"].splitlines()[-1], "0a0aaaa9  STACKMAGIC, at prstkbase")
        for command in ("kstack 99", "bt 99"):
            self.assertEqual(session[command], "there is no process 99; `ps` lists them")
        self.assertIn("kstack takes", session["kstack 1 2 3"])

    def test_in_the_midst_of_a_switch(self):
        """currpid is ahead of the CPU: the stack is that of the process that is being switched out."""
        session = debug(program("gdb_frames"), ["break main", "continue", "break ctxsw", "continue", "kstack", "bt"])
        self.assertRegex(session["kstack"], r"^process 2 \(Main process\), .*running\n")
        self.assertRegex(session["bt"].splitlines()[-1], r"in main \(\)")

    def test_plain_backtraces_reach_the_first_function(self):
        session = debug(program("gdb_frames"),
                        ["set backtrace past-main on", "break on_event", "continue", "bt", "continue", "bt"])
        for answer in session.all("bt"):
            self.assertRegex(answer, r"#[12] .* cbfmanager \(\)")
            self.assertRegex(answer.splitlines()[-1], r" INITRET \(\)")


if __name__ == "__main__":
    unittest.main()
