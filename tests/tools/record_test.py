"""tools/run/record.py and tools/run/rewind.py with a stand-in for QEMU: what they say when something is missing,
old or hangs."""

import contextlib
import io
import os
import pathlib
import sys
import tempfile
import time
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "run"))
import emulator  # noqa: E402
import kept_sources  # noqa: E402
import qmp  # noqa: E402
import record  # noqa: E402
import recording  # noqa: E402
import rewind  # noqa: E402
import survey  # noqa: E402

# Records nothing and succeeds. As a replay, it hangs the first HANGS times, and then replies like QEMU.
QEMU = """#!{python}
import json, pathlib, re, signal, socket, sys, time
if "--version" in sys.argv:
    print("QEMU emulator version {version} (test)")
elif "rr=record" in " ".join(sys.argv):
    pathlib.Path("events.log").write_bytes(b"log")
    sys.exit(33)
else:
    with open("{folder}/replays", "a+") as count:
        count.write("x")
        count.flush()
        count.seek(0)
        if len(count.read()) <= {hangs}:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(60)
    monitor = socket.socket(fileno=int(re.search(r"fd=(\\d+)", " ".join(sys.argv))[1])).makefile("rw")
    print("{{}}", file=monitor, flush=True)
    for request in map(json.loads, monitor):
        answer = {{"query-replay": {{"icount": 1000}}, "human-monitor-command": ""}}.get(request["execute"], {{}})
        print(json.dumps({{"return": answer}}), file=monitor, flush=True)
        if request["execute"] == "cont":
            print(json.dumps({{"event": "STOP"}}), file=monitor, flush=True)
"""


class Record(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "image.elf").write_bytes(b"")
        for target, name, value in ((recording, "FOLDER", self.folder / "recordings"), (qmp, "SECONDS", 6),
                                    (emulator, "PATIENCE", 0.2)):
            patch = mock.patch.object(target, name, value)
            patch.start()
            self.addCleanup(patch.stop)
        patch = mock.patch.dict(os.environ, PATH=folder.name, APP="", GDBFLAGS="")
        patch.start()
        self.addCleanup(patch.stop)
        self.program("qemu-img", "#!/bin/sh\nfor file; do last=$before; before=$file; done; : >\"$last\"\n")

    def program(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def qemu(self, version="7.2.0", hangs=0):
        self.program("qemu-system-i386", QEMU.format(python=sys.executable, version=version, folder=self.folder,
        hangs=hangs))

    def call(self, tool, *arguments):
        """(exit code, standard error)"""
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            status = tool.main([str(argument) for argument in arguments])
        self.assertEqual(errors.getvalue().count("\n"), 1, errors.getvalue())
        return status, errors.getvalue()

    def record(self):
        return self.call(record, "--no-input", self.folder / "image.elf")

    def recordings(self):
        return sorted(path.name for path in (self.folder / "recordings").glob("*-*"))

    def test_a_recording_and_its_line(self):
        self.qemu()
        status, text = self.record()
        self.assertEqual((status, self.recordings()), (0, ["1-image"]))
        self.assertRegex(text, r"^recorded: powered off; 999 instructions in \S+/1-image; `make rewind` opens gdb at "
                               r"its end\n$")
        self.assertEqual(recording.newest().end, 999)
        self.assertEqual(recording.newest(self.folder / "image.elf", "0").ended, "powered off")

    def test_a_replay_that_hangs_is_tried_again(self):
        self.qemu(hangs=recording.ATTEMPTS - 1)
        self.assertEqual(self.record()[0], 0)
        self.assertGreater(len((self.folder / "replays").read_text(encoding="utf-8")), recording.ATTEMPTS - 1)

    def test_a_replay_that_always_hangs(self):
        self.qemu(hangs=100)
        status, text = self.record()
        self.assertEqual((status, self.recordings()), (14, ["1-image"]))
        self.assertRegex(text, r"1-image cannot be replayed: the replay hangs.*; `make rewind` tries again")
        self.assertEqual((self.folder / "replays").read_text(encoding="utf-8"), "x" * recording.ATTEMPTS)

    def test_old_or_missing_emulator(self):
        self.qemu("5.2.0")
        status, text = self.record()
        self.assertEqual((status, self.recordings()), (14, []))
        self.assertIn("5.2.0 (test) cannot go backwards; install version 6 or newer", text)
        (self.folder / "qemu-system-i386").unlink()
        status, text = self.record()
        self.assertEqual((status, self.recordings()), (14, []))
        self.assertIn("qemu-system-i386 is not installed", text)

    def test_missing_qemu_img(self):
        self.qemu()
        (self.folder / "qemu-img").unlink()
        status, text = self.record()
        self.assertEqual((status, self.recordings()), (14, []))
        self.assertIn("qemu-img", text)

    def test_no_recording(self):
        for arguments, command in (((), "make record"),
                                   (("--app", "a.c", "--ring", "3"), "make record APP=a.c RING=3")):
            status, text = self.call(rewind, *arguments)
            self.assertEqual(status, 64)
            self.assertIn(f"make one with `{command}`", text)

    def test_numbers_and_the_last_of_each_program(self):
        self.qemu()
        (self.folder / "other.elf").write_bytes(b"")
        self.call(record, "--no-input", self.folder / "other.elf")
        for _ in range(recording.KEPT + 2):
            self.record()
        kept = [f"{number}-image" for number in range(4, recording.KEPT + 4)]
        self.assertEqual(self.recordings(), ["1-other", *kept])
        self.assertEqual(recording.newest().folder.name, kept[-1])
        self.assertEqual(recording.newest(self.folder / "other.elf").folder.name, "1-other")
        self.assertEqual(recording.with_number(5).folder.name, "5-image")
        status, text = self.call(rewind, "--recording", 3)
        self.assertEqual((status, text), (64, "run: there is no recording 3; there are: 8, 7, 6, 5, 4, 1\n"))

    def test_what_becomes_no_recording_deletes_none(self):
        self.qemu()
        for _ in range(recording.KEPT):
            self.record()
        before = self.recordings()
        for cause, code, words in ((emulator.EmulatorError("broken"), 14, "no recording: broken"),
                                   (KeyboardInterrupt(), 130, "no recording: interrupted")):
            with mock.patch.object(record.run, "carry", side_effect=cause):
                status, text = self.record()
            self.assertEqual((status, text, self.recordings()), (code, f"run: {words}\n", before))

    def test_an_interrupted_check_is_made_up_for(self):
        self.qemu()
        with mock.patch.object(survey, "survey", side_effect=KeyboardInterrupt):
            status, text = self.record()
        self.assertEqual((status, self.recordings()), (0, ["1-image"]))
        self.assertRegex(text, r"^recorded: powered off; in \S+/1-image; not checked yet: `make rewind` begins with "
                               r"that\n$")
        self.assertEqual(recording.newest().end, 0)
        with mock.patch.object(rewind, "session", return_value=0) as session:
            self.assertEqual(rewind.main([]), 0)
        self.assertEqual((session.call_args[0][0].end, recording.newest().end), (999, 999))
        recording.newest().check()

    def test_the_command_that_opens_it(self):
        self.qemu()
        image = self.folder / "run" / "ring3" / "image.elf"
        image.parent.mkdir(parents=True)
        image.write_bytes(b"")
        os.environ["APP"] = "apps/tour"
        _, text = self.call(record, "--no-input", image)
        self.assertIn("1-image-ring3; `make rewind APP=apps/tour RING=3` opens", text)

    def test_the_sources_are_kept_and_gdb_is_led_to_them(self):
        self.qemu()
        program = self.folder / "own" / "image.c"
        program.parent.mkdir()
        for name in "image.c", "image.h", "notes.txt":
            (program.parent / name).write_text(name, encoding="utf-8")
        os.environ["APP"] = str(program)
        self.record()
        program.write_text("edited", encoding="utf-8")
        made = recording.newest()
        rules = dict(line.split()[2:] for line in kept_sources.gdb_commands(made.sources, made.folder))
        kept = pathlib.Path(rules[str(program.parent)])
        self.assertEqual({path.name: path.read_text(encoding="utf-8") for path in kept.iterdir()},
                         {name: name for name in ("image.c", "image.h")})
        self.assertTrue(pathlib.Path(rules[str(ROOT / "kernel")], "sched", "clock.cpp").is_file())

    def test_an_unfinished_recording_is_none(self):
        self.qemu()
        self.record()
        (self.folder / "recordings" / "1-image" / "recording.json").write_text("{", encoding="utf-8")
        self.assertEqual(self.call(rewind)[0], 64)

    def test_another_emulator_and_another_image(self):
        self.qemu()
        self.record()
        self.qemu("8.0.0")
        status, text = self.call(rewind)
        self.assertEqual(status, 64)
        self.assertIn("was recorded by QEMU 7.2.0 (test), and this is 8.0.0 (test); record again", text)
        (self.folder / "recordings" / "1-image" / "kernel.elf").write_bytes(b"another")
        status, text = self.call(rewind)
        self.assertEqual(status, 64)
        self.assertIn("is not the file that was recorded", text)


class Log(unittest.TestCase):
    def test_only_the_order_to_end_is_taken_out(self):
        instructions = bytes((0, 0, 0, 2, 0xEF))
        for before, after in ((b"log\x10" + instructions + b"\x0e\x27", b"log" + instructions + b"\x0e\x27"),
                              (b"log\x24" + instructions + b"\x0e\x27", None), (b"log" + instructions + b"\x27", None),
                              (b"log\x10\x01\0\0\0\x01\x0e\x27", None), (b"", None)):
            with self.subTest(before=before), tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder, "events.log")
                path.write_bytes(before)
                recording.mend_log(path)
                self.assertEqual(path.read_bytes(), before if after is None else after)


class FakeReplay:
    """A recording that ends at this position; notes the snapshots."""

    def __init__(self, end, places):
        self.end, self.places, self.at = end, places, 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def run_to(self, icount):
        self.at = min(icount, self.end)

    seek = run_to

    def position(self):
        return self.at

    def save(self):
        self.places.add(self.at)

    def drop(self, icount):
        self.places.remove(icount)


class Snapshots(unittest.TestCase):
    def test_they_lie_inside_and_are_few(self):
        for end in (1, 2, 100_000, 8_600_000, 10**9 + 1, 10**12 + 1):
            places = set()
            with self.subTest(end=end), tempfile.TemporaryDirectory() as folder, \
                    mock.patch.object(recording, "start_replay", lambda *_, **__: FakeReplay(end, places)):
                made = mock.Mock(path=lambda name: pathlib.Path(folder, name))
                made.path("snapshots.qcow2").touch()
                self.assertEqual(survey.survey(made, made.path("snapshots.new")), end - 1)
                self.assertTrue(all(0 < place < end for place in places))
                self.assertLess(len(places), 60)
                self.assertEqual(end > 1 << 16, end - 1 - (1 << 16) in places)
                gaps = [after - before for before, after in zip([0, *sorted(places)], [*sorted(places), end])]
                self.assertLessEqual(max(gaps), max(survey.FAR, end // (survey.MOST // 2 - 1)))

    def test_the_progress_is_what_is_read_of_the_log(self):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder, "events.log").resolve()
            log.write_bytes(bytes(1000))
            with open(log, "rb", buffering=0) as file:
                file.read(400)
                replay = mock.Mock(process=mock.Mock(pid=os.getpid()), recording=mock.Mock(path=lambda _: log))
                self.assertEqual(survey.share_read(replay), 40)
            self.assertEqual(survey.share_read(replay), 0)

    def test_the_progress_is_shown_on_a_terminal_only(self):
        for terminal in True, False:
            errors = io.StringIO()
            errors.isatty = lambda terminal=terminal: terminal
            with mock.patch.multiple(survey, INTERVAL=0.01, share_read=lambda _: 40), \
                    contextlib.redirect_stderr(errors), survey.progress(None):
                time.sleep(0.2)
            self.assertEqual("check it: 40 % " in errors.getvalue(), terminal)


if __name__ == "__main__":
    unittest.main()
