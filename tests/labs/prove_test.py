"""The short proofs of each lab: the starter has no point, the solution has all of them, and both build without a word.
`make labs` proves the rest."""

import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "labs"))
import lab as labs  # noqa: E402
import wrong  # noqa: E402


class Proofs(unittest.TestCase):
    def test_short(self):
        done = subprocess.run([sys.executable, "tools/labs/prove.py", "--short"], cwd=ROOT, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=2300, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(re.findall(r"^(\w+): all proved", done.stdout, re.MULTILINE), labs.names())

    def test_wrong_versions_apply(self):
        for name in labs.names():
            lab = labs.load(name)
            chosen = wrong.read(lab)
            self.assertGreater(len(chosen), 12)
            for each in chosen:
                with self.subTest(each.name):
                    self.assertTrue(wrong.patched(lab, each.name, each.base))

    def test_the_parts_of_a_lab_make_up_its_points(self):
        for name in labs.names():
            lab = labs.load(name)
            self.assertEqual(lab.points(), 100)
            self.assertTrue(60 <= lab.points(("handout",)) <= 70)
            self.assertTrue(5 <= lab.points(("boundary",)) <= 10)


if __name__ == "__main__":
    unittest.main()
