"""make handin in a starter, whose compiler is a stand-in that always fails: what is packed, refused and warned of."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "labs"))
import collect  # noqa: E402
import lab as labs  # noqa: E402
import starter  # noqa: E402

CPP = "system/callback.cpp"


class HandIn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name, "starter")
        cls.lab = labs.load("alarm")
        starter.make(cls.lab, cls.folder, "s042")
        cmake = pathlib.Path(cls.temporary.name, "bin", "cmake")
        cmake.parent.mkdir()
        cmake.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        cmake.chmod(0o755)

    def setUp(self):
        starter.git(self.folder, "checkout", "-q", ".")
        starter.git(self.folder, "clean", "-q", "-f", "-d", "-x")

    def hand_in(self):
        path = f"{self.temporary.name}/bin:{os.environ['PATH']}"
        return subprocess.run([sys.executable, "tools/labs/handin.py"], cwd=self.folder, text=True, check=False,
                              env={"PATH": path, "HOME": os.environ.get("HOME", "/")}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    def change(self, text="// mine\n"):
        with (self.folder / CPP).open("a", encoding="utf-8") as file:
            file.write(text)

    def test_an_unchanged_starter_is_refused(self):
        (self.folder / "notes.txt").write_text("x", encoding="utf-8")
        done = self.hand_in()
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("handin: none of the lab's files is changed: system/callback.cpp", done.stderr)

    def test_what_is_packed_is_what_the_grader_takes(self):
        self.change()
        (self.folder / "notes.txt").write_text("x", encoding="utf-8")
        archives = []
        for _ in range(2):
            done = self.hand_in()
            self.assertEqual(done.returncode, 0, done.stderr)
            archives.append((self.folder / "build" / "alarm-s042.zip").read_bytes())
        self.assertEqual(*archives)
        self.assertIn("changes in other files are not handed in: notes.txt", done.stderr)
        self.assertIn("it does not build", done.stderr)
        self.assertEqual(done.stdout, "build/alarm-s042.zip: 6 files, does not build; hand in this file\n")
        taken = collect.read(self.lab, self.folder / "build" / "alarm-s042.zip")
        self.assertEqual((taken.refused, taken.notes, taken.student), ("", [], "s042"))
        self.assertTrue(taken.files[CPP].endswith("// mine\n"))

    def test_what_the_grader_would_refuse(self):
        (self.folder / CPP).write_bytes(b"\xff\n")
        done = self.hand_in()
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"handin: {CPP} is not UTF-8: byte 0 is 0xff", done.stderr)

    def test_a_damaged_starter(self):
        (self.folder / "starter.toml").write_text("lab = \n", encoding="utf-8")
        done = self.hand_in()
        self.assertEqual(done.returncode, 64)
        self.assertIn("`git checkout starter.toml` brings it back", done.stderr)


if __name__ == "__main__":
    unittest.main()
