"""The sessions of docs/debugging.md: the commands in apps/broken/*.gdb lead to the mistake in each broken program."""

import os
import re
import subprocess
import sys
import unittest

from session import ROOT, built, debug, program

FOLDER = ROOT / "apps" / "broken"
PAGE = ROOT / "docs" / "debugging.md"
MENDED = ROOT / "build" / "mended"


def line_of(program_name, text):
    """`NAME.c:LINE` of the one line of the program that contains this text, as gdb shows it."""
    lines = (FOLDER / f"{program_name}.c").read_text(encoding="utf-8").splitlines()
    found = [number for number, line in enumerate(lines, 1) if text in line]
    if len(found) != 1:
        raise ValueError(f"{program_name}.c has {len(found)} lines with {text!r}")
    return f"{program_name}.c:{found[0]}"


class Sessions(unittest.TestCase):
    def session(self, script, program_name=None):
        """All that gdb and the kernel write when the program runs under this script."""
        path = FOLDER / f"{script}.gdb"
        session = debug(program(f"broken/{program_name or script}"), [f"source {path}"])
        self.assertNotIn("Error in sourced command file", session.output)
        return session.output + session.console

    def replayed(self, script, program_name):
        """The same for a program that does not end: as the page says, gdb replays a recording of it up to its end."""
        command = [sys.executable, str(ROOT / "tools" / "run" / "debug.py"), "--deterministic", "--timeout", "1",
                   str(program(f"broken/{program_name}")), "--", "-batch", "-x", str(FOLDER / f"{script}.gdb")]
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT,
                              text=True, timeout=200, check=False, env={**os.environ, "APP": "", "GDBFLAGS": ""})
        self.assertIn("The recording ends here.", done.stdout)
        return done.stdout

    def assert_shown(self, text, *patterns):
        """The patterns are there, in this order."""
        at = 0
        for pattern in patterns:
            match = re.compile(pattern, re.MULTILINE).search(text, at)
            self.assertIsNotNone(match, f"\n{text}\n... does not contain (in this order): {pattern}")
            at = match.end()

    def test_triple_fault(self):
        text = self.session("triple_fault")
        self.assert_shown(text, r"SIGQUIT", line_of("triple_fault", "int $0x60"), r"XXX +2-byte hole")
        base = int(re.search(r"^IDT= +([0-9a-f]{8}) 000007ff$", text, re.MULTILINE)[1], 16)
        table = int(re.search(r"= \(struct gate \(\*\)\[256\]\) (0x[0-9a-f]+)", text)[1], 16)
        self.assertEqual(base, table << 16 & 0xFFFFFFFF)

    def test_stack_overflow(self):
        self.assert_shown(self.session("stack_overflow"),
                          r'^Thread 1 "climber" hit Breakpoint 1, ways \(steps=-\d+\)', r"ways \(steps=-1\)",
                          r"ways \(steps=1\)", r"ways \(steps=5\)", r"climber \(steps=5\)")

    def test_lost_interrupt(self):
        self.assert_shown(self.replayed("lost_interrupt", "lost_interrupt"), r"SIGINT", "wait_until", r"^\$1 = \d+$",
                          r"^eflags .*\[ ((?!IF )\S+ )*\]$")
        calls = re.findall(r"^#0 +(\w+).* \(.*\n#1 .* in (\w+ \(.*?\))",
                           self.replayed("lost_interrupt_calls", "lost_interrupt"),
                           re.MULTILINE)
        self.assertEqual(calls[-3:], [("disable", "put (message=4)"), ("restore", "put (message=4)"),
                                      ("disable", "put (message=5)")])

    def test_missing_eoi(self):
        self.assert_shown(self.session("missing_eoi"), r"Main process +sleeping", r"^\$1 = 1$",
                          r"^pic1: irr=01 imr=fe isr=01$", r"^pic0: irr=00 .* isr=00$")

    def test_deadlock(self):
        text = self.session("deadlock")
        place = re.escape(line_of("deadlock", "wait(to->lock)"))
        self.assert_shown(text, r"^10 +-1 +4 \(bob to alice\)$", r"^11 +-1 +3 \(alice to bob\)$",
                          rf"^\+bt 3\n(.*\n)+? .* transfer\+.*{place}", rf"^\+bt 4\n(.*\n)+? .* transfer\+.*{place}",
                          r"^\$1 = 10$", r"^\$2 = 11$", r"^#\d .* in transfer \(.*, amount=7\) at ", r"^i = 0$",
                          r"^\$3 = 11$")
        self.assertIn("All processes wait, and nothing will wake them", text)

    def test_wild_callback(self):
        place = line_of("wild_callback", "timer->function(timer)")
        self.assert_shown(self.session("wild_callback"), r"^claimed: the alarm callback",
                          r"^verdict: all is kept, but control is at ff[0-9a-f]{6}, which is no code",
                          rf"^#2 .* in on_alarm \(\) at .*{place}$", r"\) 0xff[0-9a-f]{6}$")
        self.assert_shown(self.session("wild_callback_timer", "wild_callback"), r"^#1 .* in remind \(",
                          r"^\+print &timer\n\$1 = \(struct timer \*\) 0x")

    def test_corrupted_frame(self):
        self.assert_shown(self.session("corrupted_frame"), r"^#1 +worker \(\) at ",
                          r"= \(void \*\) 0x[0-9a-f]+ <hook>$",
                          r"^\$2 = 10[0-9]$")
        place = line_of("corrupted_frame", "of_sleepms[0] = ").split(":")
        self.assert_shown(self.session("corrupted_frame_watch", "corrupted_frame"),
                          r"EBP of worker, saved by sleepms ->",
                          "^New value = .* <hook>$", rf"^plant \(pid=3\) at .*{place[0]}:{int(place[1]) + 1}$",
                          "EBP of worker, saved by sleepms", "cannot be followed")

    def test_starvation(self):
        self.assert_shown(self.session("starvation"), r"^current: 4 \(supervisor\), priority 30$",
                          r"^2\. +3 +worker +10$", r" supervisor\+.*starvation.c:1[78]\)$")

    def test_null_pointer(self):
        self.assert_shown(self.session("null_pointer"), r"^#1 +atol\b.* \(text=0x1 ",
                          r'number_of \(setting=0x[0-9a-f]+ "colour"\)',
                          r"strchr\(setting, '='\) \+ 1;$", r'"colour"$')

    def test_wrong_return(self):
        self.assert_shown(self.session("wrong_return"), r'= "HIRT"$', r'= "HE T"$', r'"EENTH"$')
        self.assert_shown(self.session("wrong_return_watch", "wrong_return"), r"^Old value = .* <main\+\d+>$",
                          r"^capitals \(to=.*\) at .*" + line_of("wrong_return", "from++"), r"ILIAN THE TH")


class Page(unittest.TestCase):
    """Each case of the page: its program exists, all its sessions are shown, and the fix that it prints works."""

    def cases(self):
        """Pairs (program's name, text) of the cases."""
        parts = re.split(r"^## \d+\. .*$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
        for part in parts:
            yield re.match(r"\s*`apps/broken/(\w+)\.c`", part)[1], part

    def test_every_program_has_its_case_and_every_script_its_block(self):
        cases = dict(self.cases())
        self.assertEqual(sorted(cases), sorted(path.stem for path in FOLDER.glob("*.c")))
        shown = re.findall(r"-batch -x (\S+)\"", "".join(cases.values()))
        self.assertEqual(sorted(shown), sorted(f"apps/broken/{path.name}" for path in FOLDER.glob("*.gdb")))

    def test_the_mends(self):
        for name, text in self.cases():
            with self.subTest(program=name):
                diff, printed = re.search(r"```diff\n(.*?)```\n\nNow it prints `(.*?)`", text, re.DOTALL).groups()
                source = mended((FOLDER / f"{name}.c").read_text(encoding="utf-8"), diff)
                self.assertRegex(output_of(name, source), re.escape(printed).replace(re.escape("..."), ".*"))


def mended(source, diff):
    """The program after the hunks of the diff, which are separated by `@@` and need no line numbers."""
    for hunk in diff.split("@@\n"):
        lines = [(line[:1], line[1:]) for line in hunk.splitlines()]
        old = "".join(text + "\n" for sign, text in lines if sign != "+")
        new = "".join(text + "\n" for sign, text in lines if sign != "-")
        if source.count(old) != 1:
            raise AssertionError(f"the program has these lines {source.count(old)} times, not once:\n{old}")
        source = source.replace(old, new)
    return source


def output_of(name, source):
    """What the kernel prints with this program."""
    path = MENDED / f"{name}.c"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != source:
        path.write_text(source, encoding="utf-8")
    image = built(str(path))
    command = [sys.executable, str(ROOT / "tools" / "run" / "run.py"), "--deterministic", "--no-input", "--timeout",
               "20", str(image)]
    return subprocess.run(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, check=True).stdout


if __name__ == "__main__":
    unittest.main()
