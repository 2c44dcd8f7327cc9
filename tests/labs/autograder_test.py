"""What make autograder packs: all that a platform needs, keys for root only, and the same bytes each time."""

import io
import pathlib
import sys
import tarfile
import tempfile
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "labs"))
import autograder  # noqa: E402
import lab as labs  # noqa: E402

KEY = b"0123456789abcdef"


class Autograder(unittest.TestCase):
    def setUp(self):
        self.lab = labs.load("alarm")

    def pack(self, platform, private=None):
        name, content = autograder.packed(self.lab, platform, KEY, private)
        self.assertEqual(autograder.packed(self.lab, platform, KEY, private), (name, content))
        return content

    @staticmethod
    def modes(content):
        with tarfile.open(fileobj=io.BytesIO(content)) as file:
            return {member.name: member.mode for member in file}

    def test_gradescope(self):
        with zipfile.ZipFile(io.BytesIO(self.pack("gradescope"))) as file:
            modes = {member.filename: member.external_attr >> 16 & 0o777 for member in file.infolist()}
            self.assertEqual(modes, {"setup.sh": 0o755, "run_autograder": 0o755, "detour.tar.gz": 0o600, "key": 0o600,
                                     "lab": 0o644, "starter.tar.gz": 0o644})
            self.assertEqual((file.read("key"), file.read("lab")), (KEY, b"alarm\n"))
            self.assertEqual(set(self.modes(file.read("starter.tar.gz"))), set(self.lab.files) - set(self.lab.optional))
            tree = self.modes(file.read("detour.tar.gz"))
        for path in ("Makefile", "labs/alarm/held/model.py", "tools/labs/grade_all.py", "tools/build/setup.sh"):
            self.assertIn(path, tree)

    def test_a_teacher_s_own_checks_go_along(self):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "own.c").write_text("", encoding="utf-8")
            with tarfile.open(fileobj=io.BytesIO(self.pack("plain", folder))) as file:
                self.assertEqual(file.getmember("key").mode, 0o600)
                tree = self.modes(file.extractfile("detour.tar.gz").read())
        self.assertEqual(tree["labs/alarm/private/own.c"], 0o600)

    def test_autolab(self):
        with tarfile.open(fileobj=io.BytesIO(self.pack("autolab"))) as file:
            self.assertEqual(file.getnames(), ["autograde-Makefile", "autograde.tar"])
            inner = file.extractfile("autograde.tar").read()
        self.assertEqual(set(self.modes(inner)), {"detour.tar.gz", "key", "lab"})

    def test_actions(self):
        self.assertIn(b"run: make grade", self.pack("actions"))


if __name__ == "__main__":
    unittest.main()
