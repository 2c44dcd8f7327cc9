"""Recordings for tests, and gdb sessions on them: what `make record` and `make rewind` do."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from session import ROOT

RECORD, REWIND = ROOT / "tools" / "run" / "record.py", ROOT / "tools" / "run" / "rewind.py"
SECONDS = 100


class Recordings:
    """A folder of recordings, the newest of which is the one in question."""

    def __init__(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.environment = {**os.environ, "DETOUR_RECORDINGS": self.temporary.name, "APP": "", "GDBFLAGS": "",
                            "DEBUGINFOD_URLS": ""}

    def call(self, tool, *arguments, text=b"", code=0):
        done = subprocess.run([sys.executable, tool, *map(str, arguments)], input=text, capture_output=True,
                              check=False, timeout=SECONDS, env=self.environment)
        if done.returncode != code:
            raise AssertionError(f"exit code {done.returncode}:\n{(done.stdout + done.stderr).decode()}")
        return done

    def record(self, image, *options, text=b""):
        """What was on the console, and the recording's fields."""
        done = self.call(RECORD, *options, image, text=text)
        if b"recorded: " not in done.stderr.splitlines()[-1]:
            raise AssertionError(done.stderr.decode())
        (description,) = self.folder.glob("*/recording.json")
        return done.stdout, json.loads(description.read_text(encoding="utf-8"))

    def rewind(self, *commands):
        """gdb's answers to these commands."""
        script = self.folder / "script.gdb"
        script.write_text("\n".join(commands) + "\n", encoding="utf-8")
        done = self.call(REWIND, "--timeout", SECONDS - 20, "--", "-batch", "-ex", f"transcript {script}")
        return re.split(r"^\(gdb\) .*\n", done.stdout.decode(), flags=re.MULTILINE)[1:]


@unittest.skipUnless(shutil.which("gdb") and shutil.which("qemu-img"), "gdb or qemu-img is not installed")
class OneRecording(unittest.TestCase):
    """Tests of one recording, which image() and options describe."""

    options, typed = ("--deterministic",), b""

    @classmethod
    def image(cls):
        raise NotImplementedError

    @classmethod
    def setUpClass(cls):
        cls.recordings = Recordings()
        cls.addClassCleanup(cls.recordings.temporary.cleanup)
        cls.console, cls.fields = cls.recordings.record(cls.image(), *cls.options, text=cls.typed)

    def rewind(self, *commands):
        return self.recordings.rewind(*commands)
