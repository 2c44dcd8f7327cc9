"""The same machine in every verb: a program does the same in run, debug, record and rewind; an interrupt may come
anywhere."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from session import ROOT, port_for_editor, program

SECONDS = 200


@unittest.skipUnless(shutil.which("gdb") and shutil.which("qemu-img"), "gdb or qemu-img is not installed")
class Modes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def call(self, tool, *arguments):
        """Standard output."""
        environment = {**os.environ, "DETOUR_RECORDINGS": str(self.folder), "APP": "", "GDBFLAGS": ""}
        done = subprocess.run([sys.executable, ROOT / "tools" / "run" / f"{tool}.py", *map(str, arguments)],
                              stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False, timeout=SECONDS, env=environment)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def script(self, *commands):
        path = self.folder / "script.gdb"
        path.write_text("\n".join(commands) + "\n", encoding="utf-8")
        return ("--", "-batch", "-x", path)

    def in_all_modes(self, name, pattern, values, *stops):
        """What the program prints in run, if it is the same in debug, record and rewind. In debug, gdb stops on the way
        and prints these values at the end; in rewind, at the end and again on the way back."""
        image = program(name)
        tell = [f'printf "{values[0]}\\n", {values[1]}']
        printed = re.search(pattern, self.call("run", "--deterministic", image))[0]
        debugged = self.call("debug", "--deterministic", image,
                             *self.script(*stops, "break finished", "continue", *tell))
        recorded = self.call("record", "--deterministic", image)
        rewound = self.call("rewind", *self.script(*tell, "break finished", "reverse-continue", *tell, "seek start",
                                                   "continue", *tell))
        self.assertEqual(re.findall(pattern, debugged), [printed] * 2)  # the console of the recording, and gdb
        self.assertEqual(re.findall(pattern, recorded), [printed])
        self.assertEqual(re.findall(pattern, rewound), [printed] * 3)
        return printed, debugged

    def test_conditions_and_watchpoints_change_nothing(self):
        printed, debugged = self.in_all_modes(
            "modes_rounds", r"\b\d{6,} rounds", ("%u rounds", "rounds"),
            "break main", "continue", "watch rounds if rounds == 300", "continue", "delete",
            "break clkhandler if clkcountermsec == 30",
            "continue", 'printf "half: %u\\n", rounds', "delete")
        self.assertIn("New value = 300\n", debugged)
        half = int(re.search(r"half: (\d+)", debugged)[1])
        self.assertAlmostEqual(half / int(printed.split()[0]), 0.5, delta=0.02)

    def test_a_priority_inversion_waits_equally_long(self):
        printed, _ = self.in_all_modes("modes_inversion", r"urgent waited for \d+ msec, \d+ rounds",
                                       ("urgent waited for %u msec, %u rounds", "waited, spent"),
                                       "tbreak clkhandler if clkcountermsec == 20", "continue",
                                       "watch waited if waited == 1")
        self.assertGreaterEqual(int(re.search(r"\d+", printed)[0]), 80)

    def test_a_data_race_shows_in_real_time(self):
        for tool in "run", "record":
            with self.subTest(tool=tool):
                found, wanted = re.search(r"(\d+) of (\d+)", self.call(tool, "--no-input", "--timeout", 100,
                                                                       program("modes_race"))).groups()
                self.assertLess(int(found), int(wanted))

    def test_a_program_without_an_end(self):
        text = self.call("debug", "--deterministic", "--timeout", 1, program("spin"),
                         *self.script("break main", "continue", "delete", "continue", "bt"))
        self.assertRegex(text, r"(?s)The run ended so: time-out: .*_start \(\) at .*Breakpoint 1, main.*The recording "
                               r"ends here.*main")

    def test_an_editor_s_gdb_is_on_the_replay_too(self):
        port = port_for_editor()
        command = [sys.executable, str(ROOT / "tools" / "run" / "debug.py"), "--deterministic", "--gdb", str(port),
                   str(program("modes_rounds"))]
        latest = ROOT / "build" / "debug.elf"
        script = self.script(f"target remote 127.0.0.1:{port}", "break main", "continue",
                             "watch rounds if rounds == 300", "continue",
                             "reverse-continue", "print rounds", "kill")
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True) as server:
            try:
                for line in server.stdout:
                    if "waiting for gdb" in line:
                        break
                done = subprocess.run(["gdb", "-nx", "-q", *script[1:], latest], stdin=subprocess.DEVNULL,
                                      capture_output=True,
                                      text=True, timeout=SECONDS, check=False)
                self.assertEqual(server.wait(SECONDS), 0)
            finally:
                server.kill()
        self.assertRegex(done.stdout, r"(?s)New value = 300\n.*\$1 = 299\n")

    def test_what_is_typed_in_debug(self):
        typed = self.folder / "typed"
        typed.write_bytes(b"am\n")
        text = self.call("debug", "--deterministic", "--input", typed, program("gdb_travel"),
                         *self.script("break work if c == 109", "continue", "info args", "reverse-continue"))
        self.assertRegex(text, r"(?s)109 at msec.*Breakpoint 1, work.*c = 109")


if __name__ == "__main__":
    unittest.main()
