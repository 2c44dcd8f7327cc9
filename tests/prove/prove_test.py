"""The proofs of tools/prove: they hold of the image; of images with one wrong byte they do not, and the counterexample
happens in the emulator. `make prove` installs what they need; without it they are skipped."""

import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROVE = ROOT / "tools" / "prove"
IMAGE = pathlib.Path(os.environ.get("DETOUR_PROGRAMS", ""), "apps", "tour.elf")
HAS_SOLVER = all(map(importlib.util.find_spec, ("z3", "capstone")))
SECONDS = 250
NEAR = 400  # bytes behind a symbol

# symbol, bytes there, what they are replaced by, the theorem that does not hold then, and what it claims
WRONG = (
    ("clkdisp", "fc", "90", "T1", "clkhandler: DF is clear when it is called"),  # cld
    ("clkdisp", "b020", "b021", "T1", "what is sent ends the interrupt"),
    ("clkdisp", "61", "90", "T1", "iret finds a code segment"),  # popal
    ("cbfmanager", "fb", "90", "T2", "a callback begins with IF set"),  # sti
    ("cbfmanager", "fa", "90", "T2", "interrupts are masked before cld"),  # cli
    ("cbfmanager", "9d", "58", "T2", "iret finds NT clear"),  # popfl, popl %eax
    ("cbfreturn", "fa", "90", "T3", "interrupts are masked before push"),
    ("ctxsw", "9c", "50", "T4", "the saved EFLAGS are the caller's"),  # pushfl, pushl %eax
    ("userret", "6a00", "6a01", "T4", "its argument is 0"),
    ("clkdisp_from_user", "9d", "59", "T5", "clkhandler: DF is clear when it is called"),
    ("system_call_entry", "1c", "18", "T5", "EAX in ring 3 is the frame's"),  # the result's place in the frame
    ("irq_entry", "071f", "0707", "T1b", "DS is what it was"),  # popl %ds, popl %es
)


def execute(*command):
    return subprocess.run([sys.executable, *command], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=SECONDS, check=False)


def python(text):
    """Runs statements beside the modules of tools/prove; z3 4.8 complains at a regular end."""
    return execute("-c", f"import os, sys; sys.path.insert(0, {str(PROVE)!r})\n{text}\nsys.stdout.flush()\nos._exit(0)")


@unittest.skipUnless(HAS_SOLVER, "python3-z3 or python3-capstone is missing")
class Proofs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def patched(self, symbol, old, new):
        """The image with other bytes at the first place behind the symbol where these are."""
        sys.path.insert(0, str(ROOT / "tools" / "run"))
        import image  # pylint: disable=import-outside-toplevel
        whole = image.Image(str(IMAGE))
        begin = next(offset + whole.symbols[symbol] - start for offset, start, size, _ in whole.segments
                     if start <= whole.symbols[symbol] < start + size)
        content = bytearray(whole.data)
        at = content.index(bytes.fromhex(old), begin, begin + NEAR)
        content[at:at + len(new) // 2] = bytes.fromhex(new)
        path = pathlib.Path(self.folder.name, "image.elf")
        path.write_bytes(content)
        shutil.copy(IMAGE.with_suffix(".map"), path.with_suffix(".map"))
        return str(path)

    def test_all_hold(self):
        done = execute(PROVE / "prove.py", "--rules", "5", IMAGE)
        self.assertEqual(done.returncode, 0, done.stdout)
        for name in ("T1", "T2", "T2b", "T3", "T1b", "T4", "T5", "T6", "T7", "C", "CPU"):
            self.assertRegex(done.stdout, rf"(?m)^{name} .* [1-9]\d* (paths|claims|functions|instructions)")

    def test_a_wrong_byte_is_refuted_and_happens_in_the_emulator(self):
        story = str(pathlib.Path(self.folder.name, "counterexample.json"))
        for symbol, old, new, theorem, claim in WRONG:
            with self.subTest(symbol=symbol, old=old):
                path = self.patched(symbol, old, new)
                done = execute(PROVE / "prove.py", "--only", theorem, "--counterexample", story, path)
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertRegex(done.stdout, rf"(?m)^{theorem} does not hold: .*{claim}")
                self.assertRegex(done.stdout, r"(?m)^    [0-9a-f]{8}  [0-9a-f]{8}  \w+")  # a word of the stack
                replayed = execute(PROVE / "replay.py", story, path)
                self.assertEqual(replayed.returncode, 0, replayed.stdout)
                self.assertIn("this does happen", replayed.stdout)

    def test_a_counterexample_of_another_image_does_not_happen(self):
        story = str(pathlib.Path(self.folder.name, "counterexample.json"))
        execute(PROVE / "prove.py", "--only", "T1", "--counterexample", story, self.patched("clkdisp", "61", "90"))
        replayed = execute(PROVE / "replay.py", story, IMAGE)
        self.assertEqual(replayed.returncode, 1, replayed.stdout)

    def test_a_wrong_rule_differs_from_the_emulator(self):
        for rule, other in (("cld", "cli"), ("add", "sub"), ("pushal", "popal")):
            done = python("import rules_check, explore, machine_code, detours, theorem, rules_data as rules\n"
                          f"code = machine_code.Code({str(IMAGE)!r})\n"
                          "detours.alarm_detour(theorem.Proof(code, 'T2', ''))\n"
                          f"rules.RULES[{rule!r}] = rules.RULES[{other!r}]\n"
                          f"print(rules_check.report(code, {str(IMAGE)!r}, 20, print))")
            self.assertIn("in the emulator", done.stdout)
            self.assertTrue(done.stdout.endswith("1\n"), done.stdout)

    def test_a_function_that_loses_a_register_is_found(self):
        path = self.patched("detour_finished", "5d", "58")  # popl %ebp, popl %eax
        done = python("import convention, machine_code\n"
                      f"print(convention.report(machine_code.Code({path!r}), lambda *parts: None))")
        self.assertRegex(done.stdout, r"detour_finished: .*ebp")
        self.assertTrue(done.stdout.endswith("1\n"), done.stdout)

    def test_a_theorem_that_is_not_there(self):
        done = execute(PROVE / "prove.py", "--only", "T99", IMAGE)
        self.assertEqual((done.returncode, done.stdout), (
            1, "prove: there is no theorem T99; there are T1, T2, T2b, T3, T1b, T4, T5, T6\n"))


if __name__ == "__main__":
    unittest.main()
