"""Every file and folder that the pages for newcomers name exists."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/decisions.md")
BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
PATH = re.compile(r"(?<![\w./-])(?:\.ci|\.devcontainer|apps|arch|docs|include|kernel|system|tests|tools|user)/[\w./-]*")


def missing_paths(text, folder):
    """The paths in a page's `code` and links that do not exist; folder: where the page is, for its links."""
    text = BLOCK.sub("", text)
    paths = [path for code in CODE.findall(text) for path in PATH.findall(code)]
    places = [(path, ROOT / path) for path in paths if "NAME" not in path]  # NAME.c stands for any name
    places += [(link, folder / link) for link in LINK.findall(text)]
    return [path for path, place in places if not place.exists()]


class Paths(unittest.TestCase):
    def test_all_exist(self):
        for page in PAGES:
            with self.subTest(page):
                text = (ROOT / page).read_text(encoding="utf-8")
                self.assertTrue(PATH.search(text))
                self.assertEqual(missing_paths(text, (ROOT / page).parent), [])

    def test_missing_ones_are_found(self):
        text = "`kernel/sched/`, `kernel/attic/`, [a](attic.md), `tests/host/NAME_test.cpp`\n"
        self.assertEqual(missing_paths(text, ROOT / "docs"), ["kernel/attic/", "attic.md"])


if __name__ == "__main__":
    unittest.main()
