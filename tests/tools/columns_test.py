"""No line is longer than 120 columns: one limit for code, comments, tools and pages."""

import pathlib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("apps", "arch", "docs", "include", "kernel", "labs", "system", "tests", "tools", "user", ".ci")
SUFFIXES = {".c", ".cpp", ".h", ".hpp", ".S", ".inc", ".ld", ".py", ".sh", ".cmake", ".toml", ".txt", ".md", ".gdb",
            ""}
COLUMNS = 120


def lines_of(path):
    """(number, line) of each line that a person wraps: in pages not the output blocks, the tables and the
    marks; in scripts not the command to use them by."""
    in_block = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if path.suffix == ".md":
            if line.startswith("```"):
                in_block = not in_block
            if in_block or line.startswith(("|", "<!--", "    ")):
                continue
        elif path.suffix == ".gdb" and "Use: make debug" in line:
            continue
        yield number, line


class Columns(unittest.TestCase):
    def test_every_line(self):
        files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
        files += [ROOT / name for name in ("CMakeLists.txt", "README.md", "CONTRIBUTING.md") if (ROOT / name).exists()]
        files = [path for path in files if path.suffix in SUFFIXES and "__pycache__" not in path.parts]
        self.assertGreater(len(files), 400)
        long = [f"{path.relative_to(ROOT)}:{number}" for path in sorted(files) for number, line in lines_of(path)
                if len(line) > COLUMNS]
        self.assertEqual(long, [])


if __name__ == "__main__":
    unittest.main()
