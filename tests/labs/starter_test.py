"""Starters of labs: nothing drifts, nothing leaks, and mistakes in a lab are one clear line."""

import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "labs"))
import cut  # noqa: E402
import lab as labs  # noqa: E402
import leak  # noqa: E402
import starter  # noqa: E402


class Starters(unittest.TestCase):
    """P1 and P7 of each lab."""

    def test_undone_cuts_are_the_repository(self):
        for name in labs.names():
            lab = labs.load(name)
            tree = starter.starter_tree(lab)
            self.assertGreater(len(tree.cuts), 1)
            for path, each in tree.cuts.items():
                with self.subTest(path):
                    self.assertEqual(tree.files[path].decode(), each.text())
                    self.assertEqual(each.undone(), (ROOT / path).read_text(encoding="utf-8"))

    def test_what_is_not_cut_is_the_repository_s(self):
        for name in labs.names():
            lab = labs.load(name)
            tree = starter.starter_tree(lab)
            changed = {path for path, content in tree.files.items() if not (ROOT / path).exists() or
                       cut.without_marks((ROOT / path).read_text(encoding="utf-8")).encode() != content}
            # A lab with a program of its own has it unchanged, and starts it by default.
            other = {"apps/tour/main.c"} if starter.app_of(lab) == starter.TOUR else {
                path for path in tree.files if (ROOT / path).exists() and b"apps/tour" in (ROOT / path).read_bytes()}
            self.assertEqual(changed - set(tree.cuts), {"Makefile", "README.md", "docs/callbacks.md", *other,
                                                        *(["answers.toml"] if lab.asks else [])})

    def test_no_line_of_the_solution(self):
        for name in labs.names():
            lab = labs.load(name)
            tree = starter.starter_tree(lab)
            self.assertEqual(leak.leaks(tree, lab.idioms), [])
            solution = leak.telling((line for each in tree.cuts.values() for line in each.solution()), lab.idioms)
            self.assertGreater(len(solution), 12)
            tree.files["docs/hint.md"] = f"    {max(solution)} // so\n".encode()
            self.assertEqual([path for path, _, _ in leak.leaks(tree, lab.idioms)], ["docs/hint.md"])

    def test_left_out(self):
        for name in labs.names():
            tree = starter.starter_tree(labs.load(name))
            kept_back = re.compile(r"tests/|labs/\w+/(held|private|wrong|starter)")
            self.assertEqual([path for path in tree.files if kept_back.match(path)], [])
            self.assertFalse([path for path, content in tree.files.items() if b"[lab " in content
                              and path.startswith(("arch", "kernel", "system"))])

    def test_links_of_its_pages_lead_somewhere(self):
        for name in labs.names():
            tree = starter.starter_tree(labs.load(name))
            for page in [path for path in tree.files if path.endswith(".md")]:
                for link in re.findall(r"\]\((?![a-z]+:|#)([^)#\s]+)", tree.files[page].decode()):
                    target = str((pathlib.PurePosixPath(page).parent / link))
                    with self.subTest(page, link=link):
                        self.assertTrue(any(path.startswith(target) for path in tree.files))

    def test_the_same_starter_is_the_same_commit(self):
        lab = labs.load("alarm")
        with tempfile.TemporaryDirectory() as folder:
            commits = [starter.make(lab, pathlib.Path(folder, name), "s1", "2027s") for name in ("one", "two")]
            self.assertEqual(commits[0], commits[1])
            log = subprocess.run(["git", "log", "--format=%an %s"], cwd=pathlib.Path(folder, "one"),
                                 stdout=subprocess.PIPE, text=True, check=True).stdout
            self.assertEqual(log, "Detour labs The alarm lab: the starter\n")
            shown = subprocess.run(["make", "help"], cwd=pathlib.Path(folder, "one"), stdout=subprocess.PIPE, text=True,
                                   check=True).stdout
            self.assertEqual(re.findall(r"^  ([a-z-]+) ", shown, re.MULTILINE), starter.common(ROOT)["verbs"])
            self.assertIn('student = "s1"', pathlib.Path(folder, "one", "starter.toml").read_text(encoding="utf-8"))
            with self.assertRaisesRegex(labs.LabError, "exists already and is not empty"):
                starter.make(lab, pathlib.Path(folder, "one"))


SOURCE = """\
// given.cpp - an example
#include "x.hpp"

int helper(int x) { return x + 1; } // solve() calls it

/* the { of a comment */
int solve(const char *text)
{
    if (text[0] == '{') // not a brace
        return helper(0);
    // [lab demo 2
    return 42;
    // lab]
}
"""


class Cutting(unittest.TestCase):
    """A lab `demo` in a tree of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("kernel/given.cpp", SOURCE)

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(textwrap.dedent(text), encoding="utf-8")

    def demo(self, tasks, text=""):
        self.write("labs/demo/lab.toml", f'title = "Demo"\nfiles = ["kernel/given.cpp"]\n{tasks}')
        self.write("labs/demo/starter/kernel/given.cpp.txt", text)
        return labs.load("demo", self.root)

    def test_a_part_and_a_function(self):
        both = '[[task]]\nnumber = 1\ntitle = "a"\ncut = ["kernel/given.cpp: helper"]\n' \
               '[[task]]\nnumber = 2\ntitle = "b"\n'
        text = "@@ helper\nint helper(int);\n@@ lab 2\n    return 0;\n"
        lab = self.demo(both, text)
        made = cut.cut_files(lab)["kernel/given.cpp"].text()
        wanted = SOURCE.replace("int helper(int x) { return x + 1; } // solve() calls it", "int helper(int);")
        self.assertEqual(made, wanted.replace(
            "    // [lab demo 2\n    return 42;\n    // lab]\n", "    return 0;\n"))
        self.assertIn("return 42;", cut.cut_files(lab, {1})["kernel/given.cpp"].text())
        self.assertNotIn("// lab", cut.cut_files(lab, {1})["kernel/given.cpp"].text())

    def test_mistakes_are_one_line(self):
        task = '[[task]]\nnumber = 1\ntitle = "a"\ncut = ["kernel/given.cpp: {}"]\n'
        for tasks, text, message in (
                (task.format("solved"), "", "kernel/given.cpp: 0 definitions of solved are found; one is to be cut"),
                (task.format("helper"), "", "starter/kernel/given.cpp.txt: no text `@@ helper`"),
                (task.format("helper"), "@@ helper\n@@ lab 2\n@@ solve\n", "nothing of the name solve is cut"),
                (task.format("solve"), "@@ solve\n@@ lab 2\n", "solve and lab 2 overlap"),
                (task.format("helper").replace(": helper", ""), "", 'is not like "file: function, function"'),
                (task.replace("given", "taken").format("x"), "", "kernel/taken.cpp, from which"),
                (task + "points = 3\n", "", "points is not known; there are: number title cut"),
                ("[[task]]\nnumber = 'x'\ntitle = 'a'\n", "", "task x: number is not a int"),
                ("task = 3\n", "", "task is not a list"),
                ("task = [\n", "", "lab.toml: Unclosed array")):
            with self.subTest(message), self.assertRaises(labs.LabError) as caught:
                cut.cut_files(self.demo(tasks, text))
            self.assertIn(message, str(caught.exception).replace("Invalid value", "Unclosed array"))
            self.assertNotIn("\n", str(caught.exception))

    def test_unclosed_marks(self):
        self.write("kernel/given.cpp", SOURCE.replace("    // lab]\n", ""))
        with self.assertRaisesRegex(labs.LabError, "without its"):
            cut.cut_files(self.demo('[[task]]\nnumber = 2\ntitle = "b"\n'))

    def test_checks(self):
        self.demo('[[task]]\nnumber = 1\ntitle = "a"\n')
        good = '[[check]]\nname = "one"\ntask = 1\npoints = 2\ntier = "handout"\ntitle = "t"\n'
        self.write("labs/demo/checks/model.py", 'def one(given):\n    """A hint."""\n')
        self.write("labs/demo/checks/checks.toml", good)
        self.assertEqual(labs.load("demo", self.root).points(), 2)
        for old, new, message in (("handout", "easy", "tier is not one of"), ("task = 1", "task = 7", "no task 7"),
                                  ('"one"', '"two"', "no function two with a hint"), ("= 2", "= 0", "1 or more"),
                                  ('"t"', '"t"\nneeds = ["zero"]', "needs zero, which is no check before it"),
                                  ("points = 2\n", "", "points is missing"), ('"one"', '"One"', "letters, digits")):
            self.write("labs/demo/checks/checks.toml", good.replace(old, new))
            with self.subTest(message), self.assertRaisesRegex(labs.LabError, message):
                labs.load("demo", self.root)


if __name__ == "__main__":
    unittest.main()
