"""tools/record.py and tools/rewind.py with a stand-in for QEMU: what they say when something is missing, old or hangs."""

import contextlib
import io
import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import emulator  # noqa: E402
import qmp  # noqa: E402
import record  # noqa: E402
import recording  # noqa: E402
import rewind  # noqa: E402

# Records nothing and succeeds. As a replay, it hangs for the first HANGS times, and then answers like QEMU.
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
        for target, name, value in ((recording, "FOLDER", self.folder / "recordings"), (qmp, "SECONDS", 1),
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
        self.program("qemu-system-i386", QEMU.format(python=sys.executable, version=version, folder=self.folder, hangs=hangs))

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
        return [path.name for path in (self.folder / "recordings").glob("*")]

    def test_a_recording_and_its_line(self):
        self.qemu()
        status, text = self.record()
        self.assertEqual((status, self.recordings()), (0, ["image"]))
        self.assertRegex(text, r"^recorded: powered off; 999 instructions in \S+/image; `make rewind` opens gdb at its end\n$")
        self.assertEqual(recording.newest().end, 999)
        self.assertEqual(recording.newest(self.folder / "image.elf", "0").ended, "powered off")

    def test_a_replay_that_hangs_is_tried_again(self):
        self.qemu(hangs=recording.ATTEMPTS - 1)
        self.assertEqual(self.record()[0], 0)
        self.assertGreater(len((self.folder / "replays").read_text(encoding="utf-8")), recording.ATTEMPTS - 1)

    def test_a_replay_that_always_hangs(self):
        self.qemu(hangs=100)
        status, text = self.record()
        self.assertEqual((status, self.recordings()), (14, []))
        self.assertIn("no recording: the replay hangs", text)
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
        for arguments, command in (((), "make record"), (("--app", "a.c", "--ring", "3"), "make record APP=a.c RING=3")):
            status, text = self.call(rewind, *arguments)
            self.assertEqual(status, 64)
            self.assertIn(f"make one with `{command}`", text)

    def test_an_unfinished_recording_is_none(self):
        self.qemu()
        self.record()
        (self.folder / "recordings" / "image" / "recording.json").write_text("{", encoding="utf-8")
        self.assertEqual(self.call(rewind)[0], 64)

    def test_another_emulator_and_another_image(self):
        self.qemu()
        self.record()
        self.qemu("8.0.0")
        status, text = self.call(rewind)
        self.assertEqual(status, 64)
        self.assertIn("was recorded by QEMU 7.2.0 (test), and this is 8.0.0 (test); record again", text)
        (self.folder / "recordings" / "image" / "kernel.elf").write_bytes(b"another")
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


class Snapshots(unittest.TestCase):
    def test_they_lie_inside_and_are_few(self):
        for end in (0, 1, 100_000, 8_600_000, 10**9, 10**12):
            with self.subTest(end=end):
                places = record.snapshots(end)
                self.assertTrue(all(0 < place < end for place in places))
                self.assertLess(len(places), 50)
                self.assertEqual(end > 1 << 16, end - (1 << 16) in places)


if __name__ == "__main__":
    unittest.main()
