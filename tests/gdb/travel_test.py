"""make record and make rewind, on real runs: typed input is replayed, and gdb goes backwards through all of it."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

from recorded import RECORD, REWIND, SECONDS, Recordings
from session import ROOT, built, program, without_echo

# From anywhere to the moment at which the sleeping receiver's return address is overwritten.
TO_THE_WRITER = ["break cbfreturn", "reverse-continue", "set $slot = $esp - 4", "watch -location *(unsigned *) $slot",
                 "reverse-continue"]


@unittest.skipUnless(shutil.which("gdb") and shutil.which("qemu-img"), "gdb or qemu-img is not installed")
class Travel(unittest.TestCase):
    def setUp(self):
        self.recordings = Recordings()
        self.addCleanup(self.recordings.temporary.cleanup)
        self.folder, self.environment = self.recordings.folder, self.recordings.environment
        self.call, self.record, self.rewind = self.recordings.call, self.recordings.record, self.recordings.rewind

    def test_what_is_typed_comes_again(self):
        console, fields = self.record(program("gdb_travel"), text=b"am\nz")
        self.assertEqual(fields["ended"], "powered off")
        self.assertIn("type now", without_echo(console.decode(), "am\nz"))
        self.assertRegex(console.decode(), r"(?s)97 at msec.*109 at msec.*10 at msec.*122 at msec.*message 42")
        replayed = next(self.folder.glob("*/console.txt")).read_bytes()
        self.assertEqual(replayed, console)
        self.assertIn("c = 122", self.rewind("break work if c == 122", "reverse-continue", "info args")[2])

    def test_who_changed_this_return_address(self):
        self.record(program("gdb_travel"), text=b"m")
        *_, stop, backtrace, _, after, back = self.rewind(*TO_THE_WRITER, "bt", "x/a $slot", "reverse-stepi",
                                                          "x/a $slot")[3:]
        self.assertRegex(stop, r"Hardware watchpoint 2.*\n\nOld value = .*\nNew value = \d")
        self.assertRegex(backtrace, r"(?s)message_arrived.* send\b.* main\b")
        self.assertIn("<receiver+", back)
        self.assertNotIn("cbfreturn", back)

    def test_back_across_an_interrupt_into_the_interrupted_instruction(self):
        self.record(program("spin"), "--timeout", 1)
        answers = self.rewind("break clkhandler", "reverse-continue", "delete", "reverse-stepi 9", "x/i $eip", "stepi",
                              r'printf "%x\n", $eip', "stepi", "x/i $eip", r'printf "%x\n", *(unsigned *) $esp')
        self.assertIn("clkhandler", answers[1])
        self.assertRegex(answers[4], r"<main\+\d+>:\t(nop|jmp)")  # the two of its loop
        self.assertIn("<clkdisp>", answers[8])
        self.assertEqual(answers[6].split()[0], answers[9].split()[0])

    def test_conditions_hold_backwards_at_the_entry_of_an_interrupt(self):
        self.record(program("detour_late"), "--deterministic")
        time = r'printf "%u\n", clkcountermsec'
        answers = self.rewind("break clkdisp if 0", "reverse-continue", "seek", "seek end",
                              "condition 1 clkcountermsec == 20",
                              "reverse-continue", time, "reverse-continue", "seek end", "condition 1",
                              "tbreak clkdisp if clkcountermsec == 30", "disable 1", "reverse-continue", time,
                              "info breakpoints")
        for nothing in answers[1], answers[7]:
            self.assertEqual(nothing, "This is the beginning of the recording; no breakpoint was hit on the way.\n")
        self.assertIn("instruction 0 of", answers[2])
        self.assertRegex(answers[5], r"^\nThread 1 .* hit Breakpoint 1, .*\n.*<clkdisp\+0>")
        self.assertEqual(answers[6], "20\n")
        self.assertRegex(answers[12], r"^\nThread 1 .* hit Temporary breakpoint 2, .*\n.*<clkdisp\+0>")
        self.assertEqual(answers[13], "30\n")
        self.assertRegex(answers[14], r"(?s)clkdisp.*already hit 1 time\n(?!2)")

    def test_every_stop_on_the_way_back_is_named(self):
        self.record(program("detour_late"), "--deterministic")
        time = r'printf "%u\n", clkcountermsec'
        answers = self.rewind("seek end", time, "break clkdisp", "ignore 1 4", "reverse-continue", time,
                              "reverse-continue 2", time, "delete", "watch clkcountermsec if clkcountermsec < 20",
                              "reverse-continue", "condition 2", "reverse-continue")
        self.assertRegex(answers[4], r"^\nThread 1 .* hit Breakpoint 1, .*\n.*<clkdisp\+0>")
        end, fifth, seventh = (int(answers[i]) for i in (1, 5, 7))
        self.assertEqual((fifth, seventh), (end - 5, end - 7))
        self.assertEqual(answers[6].count(" hit Breakpoint 1, "), 2)
        watched = r"(?s)^\nThread 1 .* hit Hardware watchpoint 2: .*\nOld value = {}\nNew value = {}\nclkhandler"
        self.assertRegex(answers[10], watched.format(18, 19))
        self.assertRegex(answers[12], watched.format(17, 18))
        self.assertNotIn("SIG", "".join(answers))

    def test_forward_again_from_the_last_hit(self):
        self.record(program("detour_late"), "--deterministic")
        time = r'printf "%u\n", clkcountermsec'
        answers = self.rewind("break clkdisp", "condition 1 clkcountermsec < 25", "reverse-continue", time, "stepi",
                              "reverse-continue", "reverse-continue", time, "continue", time, "seek")
        self.assertEqual([answers[i] for i in (3, 7, 9)], ["24\n", "23\n", "24\n"])
        self.assertNotIn("SIG", "".join(answers))

    def test_run_goes_to_the_beginning(self):
        self.record(program("detour_late"), "--deterministic")
        answers = self.rewind("break semcreate", "run", "seek end", "run", "bt", "start", "delete", "run", "run")
        for answer in answers[1], answers[3]:
            self.assertRegex(answer, r'^\nThread 1 "Main process" hit Breakpoint 1, semcreate')
        self.assertRegex(answers[5], r"\n\nThread 1 .* hit Temporary breakpoint 2, main")
        for answer in answers[7:]:
            self.assertIn("The recording ends here.", answer)
        self.assertNotIn("Starting program", "".join(answers))

    def test_the_first_view_of_a_finished_run_is_its_last_process(self):
        self.record(program("detour_late"), "--deterministic")
        script = self.folder / "script.gdb"
        script.write_text("ps\nkstack\nbt\nwhere\ncontinue\n", encoding="utf-8")
        text = self.call(REWIND, "--", "-batch", "-ex", f"transcript {script}").stdout.decode()
        first, ps, kstack, backtrace, where, end = re.split(r"^\(gdb\) .*\n", text, flags=re.MULTILINE)
        self.assertIn("The run ended so: powered off. Its last process is about to end here.", first)
        self.assertNotIn("damaged", ps)
        self.assertRegex(ps, r"(?m)^\* +2 .* current")
        self.assertRegex(kstack, r"STACKMAGIC, at prstkbase\n$")
        self.assertNotIn("no stack", kstack)
        self.assertRegex(backtrace, r"end_current_process.*\n(.*\n)*.* userret ")
        self.assertNotIn("abandon_stack", where)
        self.assertIn("The recording ends here.", end)

    def test_seek(self):
        _, fields = self.record(program("spin"), "--timeout", 1)
        end = fields["end"]
        answers = self.rewind("seek", "continue", "stepi", "seek -1000", "continue", "seek -1", "seek start", "seek -5",
                              "break main", "continue", "delete", "seek 8000000", "seek +7", "seek end",
                              "seek sideways",
                              "reverse-stepi", "seek")
        self.assertIn("the end of the recording", answers[0])
        for refused in answers[1:3]:
            self.assertEqual(refused, "This is the end of the recording; `help seek` tells the ways back.\n")
        self.assertIn(f"instruction {end - 1000} of {end}", answers[3])
        self.assertIn("The recording ends here.", answers[4])
        self.assertIn(f"instruction {end - 1} of {end}", answers[5])
        self.assertIn("instruction 0 of", answers[6])
        self.assertIn("instruction 0 of", answers[7])
        self.assertIn("Breakpoint 1, main", answers[9])
        self.assertIn("instruction 8000000 of", answers[11])
        self.assertIn("instruction 8000007 of", answers[12])
        self.assertIn("the end of the recording", answers[13])
        self.assertIn("`seek sideways`: there is", answers[14])
        self.assertIn(f"instruction {end - 1} of {end}", answers[16])

    def test_every_end_of_a_run_leaves_a_recording(self):
        for name, options, ended, at_end in (("fault_panic", (), "panic", r"power_off.*give_up.*main"),
                                             ("triple_fault", (), "reset", r"main"),
                                             ("spin", ("--timeout", 1), "time-out", r"main|clk")):
            with self.subTest(name=name):
                for other in self.folder.glob("*/"):
                    shutil.rmtree(other)
                _, fields = self.record(program(name), *options)
                self.assertIn(ended, fields["ended"])
                backtrace, _, back = self.rewind("bt", "reverse-stepi", "seek")
                self.assertRegex(backtrace, f"(?s){at_end}")
                self.assertIn(f"instruction {fields['end'] - 1} of", back)

    def test_a_later_build_does_not_matter(self):
        image = self.folder / "program.elf"
        shutil.copyfile(program("gdb_travel"), image)
        self.record(image, text=b"m")
        image.write_bytes(b"other")
        self.assertIn("send", self.rewind(*TO_THE_WRITER, "bt")[5])

    def test_an_edited_source_does_not_change_the_listing(self):
        source = ROOT / "build" / "edited" / "edited.c"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text("#include <xinu.h>\n\nprocess main(void)\n{\n    return 6 * 7;\n}\n", encoding="utf-8")
        image = built(str(source))
        self.environment["APP"] = str(source)
        self.record(image)
        source.write_text("edited\n" * 6, encoding="utf-8")
        stop, lines = self.rewind("break main", "reverse-continue", "list main")[1:]
        self.assertIn("return 6 * 7;", stop + lines)
        self.assertNotIn("edited\n", stop + lines)

    def test_an_interrupt_during_the_check_loses_nothing(self):
        console = subprocess.Popen([sys.executable, RECORD, "--timeout", "1", "--no-input", program("spin")],
                                   stderr=subprocess.PIPE,
                                   env=self.environment, stdout=subprocess.DEVNULL)
        while not list(self.folder.glob("*/snapshots.new")):  # SIGINT is ignored until recording.json is whole
            self.assertIsNone(console.poll())
            time.sleep(0.05)
        console.send_signal(signal.SIGINT)
        _, said = console.communicate(timeout=SECONDS)
        self.assertEqual(console.returncode, 0, said)
        self.assertIn(b"not checked yet: `make rewind` begins with that", said)
        answers = self.rewind("seek", "reverse-stepi", "seek")
        self.assertIn("the end of the recording", answers[0])
        (description,) = self.folder.glob("*/recording.json")
        self.assertGreater(json.loads(description.read_text(encoding="utf-8"))["end"], 0)

    def test_ring_3(self):
        self.record(built("tests/gdb/ring3_program.c", ring=3))
        answers = self.rewind("break on_alarm", "reverse-continue", "print rounds", "reverse-continue",
                              "print/x $cs & 3")
        self.assertIn("on_alarm", answers[1])
        self.assertIn("$1 = 0", answers[2])

    def test_a_file_that_is_not_the_recorded_one(self):
        self.record(program("spin"), "--timeout", 1)
        log = next(self.folder.glob("*/events.log"))
        log.write_bytes(log.read_bytes()[:-100])
        done = self.call(REWIND, "--", "-batch", code=64)
        self.assertRegex(done.stderr.decode(),
                         r"^run: \S+events.log is not the file that was recorded; record again.*\n$")

    def test_a_recording_of_another_emulator(self):
        self.record(program("spin"), "--timeout", 1)
        description = next(self.folder.glob("*/recording.json"))
        text = description.read_text(encoding="utf-8")
        description.write_text(re.sub(r'"emulator": "', '"emulator": "1', text), encoding="utf-8")
        done = self.call(REWIND, "--", "-batch", code=64)
        self.assertRegex(done.stderr.decode(),
                         r"^run: \S+ was recorded by QEMU 1\d.*; record again with `make record`\n$")


if __name__ == "__main__":
    unittest.main()
