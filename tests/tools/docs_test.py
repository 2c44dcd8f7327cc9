"""The pages show what the kernel prints; tools/check/docs.py notices when they do not, with a stand-in for the
kernel."""

import contextlib
import io
import pathlib
import re
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "check"))
import docs  # noqa: E402

PAGE = """Text before.

<!-- output: make run DETERMINISTIC=1, from "first" to "last", without "dull" -->
```text
{}```

Text between.

<!-- output: from "hello" to "hello" -->
```text
hello at msec 1
```
"""
SHOWN = "first word 00240fcc = spin+0x2e\n  ...\nlast * = cbfreturn+0x0 at msec 6\n"
PRINTED = ["booted", "first word 00240fcc = spin+0x2e", "  dull", "  dull 2", "last * = cbfreturn+0x0 at msec 6",
           "last", "hello at msec 1"]


class Pages(unittest.TestCase):
    def assert_shows_what_the_kernel_prints(self, page):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors):
            status = docs.main(["--check", str(page)])
        self.assertEqual(status, 0, "\n" + errors.getvalue())

    def test_mutants_named_by_the_page_exist(self):
        page = (ROOT / "docs" / "detours.md").read_text(encoding="utf-8")
        rows = re.findall(r"\| `([a-z0-9-]+)` \|$", page, re.MULTILINE)
        self.assertGreater(len(rows), 15)
        missing = [name for name in rows if not (ROOT / "tests" / "mutants" / f"{name}.patch").exists()]
        self.assertEqual(missing, [])


for each in docs.all_pages():  # a test each, which ctest runs in parallel: Pages.test_debugging
    setattr(Pages, "test_" + re.sub(r"\W", "_", each.stem if each.stem != "handout" else f"{each.parent.name}_handout"),
            lambda self, page=each: self.assert_shows_what_the_kernel_prints(page))


class Docs(unittest.TestCase):
    def run_on(self, text, *options, printed=PRINTED):
        """(exit code, the page afterwards, standard error), with a kernel that prints these lines."""
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder, "page.md")
            page.write_text(text, encoding="utf-8")
            errors = io.StringIO()
            with mock.patch.object(docs.Command, "output", lambda _: printed), contextlib.redirect_stderr(errors), \
                    contextlib.redirect_stdout(io.StringIO()):
                status = docs.main([*options, str(page)])
            return status, page.read_text(encoding="utf-8"), errors.getvalue()

    def test_writes_the_blocks_and_nothing_else(self):
        for old in ("", "stale\n"):
            self.assertEqual(self.run_on(PAGE.format(old)), (0, PAGE.format(SHOWN), ""))

    def test_check_accepts_other_addresses_offsets_times_and_repetitions(self):
        for old, new in (("00240fcc", "00100000"), ("0x2e", "0x3"), ("msec 6", "msec 17"),
                         ("  ...\n", "  ...\n  ...\n")):
            text = PAGE.format(SHOWN.replace(old, new))
            with self.subTest(old=old):
                self.assertEqual(self.run_on(text, "--check"), (0, text, ""))

    def test_check_finds_other_words_and_writes_nothing(self):
        for old, new in (("word", "words"), ("last *", "last  "), ("cbfreturn+0x0", "cbfreturn+0x1"), ("  ...\n", "")):
            text = PAGE.format(SHOWN.replace(old, new))
            with self.subTest(old=old):
                status, after, errors = self.run_on(text, "--check")
                self.assertEqual((status, after), (1, text))
                self.assertIn("run `make docs`", errors)

    def test_check_accepts_what_gdb_shows_of_the_compiler_s_choice(self):
        page = '<!-- output: make run DETERMINISTIC=1 -->\n```text\n{}\n```\n'
        for old, new, same in (("#4  0x00110cd1 in f () at apps/f.c:8", "#3  f () at apps/f.c:8", True),
                               ("clkhandler () at kernel/sched/clock.cpp:50\n50\tmsec",
                                "clkhandler () at kernel/sched/clock.cpp:9\n9\tmsec", True),
                               ("Breakpoint 1 at 0x110cd1: file", "Breakpoint 1 at 0x10bcd: file", True),
                               ("msec 302, in 2", "msec 301, in 1", True),
                               ("f () at apps/f.c:8", "f () at apps/f.c:9", False),
                               ("#1  g (a=1)", "#1  g (a=2)", False)):
            with self.subTest(old=old):
                status, _, _ = self.run_on(page.format(old), "--check", printed=new.splitlines())
                self.assertEqual(status, 0 if same else 1)

    def test_check_accepts_what_gdb_shows_of_a_recording(self):
        page = '<!-- output: make run DETERMINISTIC=1 -->\n```text\n{}\n```\n'
        for old, new, same in (("This is instruction 7 of 9", "This is instruction 8 of 10", True),
                               ("instruction 9999999, msec 7, process 4 (f)", "instruction 10000000, msec 8, process 4 "
                                                                              "(f)", True),
                               (" 9999999  9  4 (f)  send(3, 4) = 1", "10000000  10  4 (f)  send(3, 4) = 1", True),
                               (" 9999999  9  4 (f)  send(3, 4) = 1", "9999999  9  4 (f)  send(3, 4) = 2", False),
                               ("9 switches; a column is 7 instructions", "9 switches; a column is 8 instructions",
                                True),
                               ("   msec  0  1   2", " msec  0  2   3", True),
                               ("  1 f    | ## s D|", "  1 f    |### s D|", True),
                               ("  1 f    | ## s D|", "  1 g    | ## s D|", False),
                               ("(`seek 9999999` leads", "(`seek 10000000` leads", True),
                               ("instruction 9, msec 7, process 4 (f)", "instruction 9, msec 7, process 4 (g)", False),
                               ("=> 0x106849 <_Zf+201>:\tmovl   $0x1,(%edx)",
                                "=> 0x106857 <_Zf+9>:\tmovl   $0x1,(%eax)", True),
                               ("0x31ffec:\t0x110d07 <receiver+27>", "0x31ffe8:\t0x110d09 <receiver+29>", True),
                               ("=> 0x106849 <f>:\tmovl   %eax,%edx", "=> 0x106849 <f>:\tjmp   0x1", False),
                               ("0x31ffec:\t0x110d07 <receiver+27>", "0x31ffec:\t0x110d07 <sender+27>", False)):
            with self.subTest(old=old):
                status, _, _ = self.run_on(page.format(old), "--check", printed=new.splitlines())
                self.assertEqual(status, 0 if same else 1)

    def test_a_recording_is_always_in_virtual_time(self):
        command = """make rewind APP=apps/tour RING=3 GDBFLAGS='-ex "transcript docs/x.gdb"'"""
        page = f"<!-- output: {command} -->\n```text\n```\n"
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "page.md")
            path.write_text(page, encoding="utf-8")
            ((_, command),) = docs.Page(path).blocks()
        self.assertEqual((command.verb, command.app, command.ring), ("rewind", "apps/tour", "3"))
        self.assertEqual(command.gdbflags, ("-ex", "transcript docs/x.gdb"))

    def test_of_make_bench_the_committed_table_is_shown(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "page.md")
            path.write_text("<!-- output: make bench -->\n```text\n```\n", encoding="utf-8")
            self.assertEqual(docs.main([str(path)]), 0)
            shown = path.read_text(encoding="utf-8")
            self.assertIn("\nnull call\n", shown)
            path.write_text(re.sub(r"(ready +)(\d+)", r"\g<1>9\2", shown), encoding="utf-8")
            with contextlib.redirect_stderr(io.StringIO()):
                self.assertEqual(docs.main(["--check", str(path)]), 1)

    def test_a_run_that_is_to_fail(self):
        page = '<!-- output: make run APP=x.c DETERMINISTIC=1 LIMIT=500, ending "limit" -->\n```text\n```\n'
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "page.md")
            path.write_text("```c\n```\n" + page, encoding="utf-8")
            ((_, command),) = docs.Page(path).blocks()
        self.assertEqual((command.limit, command.ending), (500, "limit"))
        script = ["sh", "-c", "echo out; echo 'run: limit: ended' >&2; exit $0"]
        self.assertEqual(command.call([*script, "13"], command.ending), "out\nrun: limit: ended\n")
        for code, ending in (("0", "limit"), ("13", "reset"), ("13", "")):
            with self.assertRaises(docs.Fault):
                command.call([*script, code], ending)
        self.assertEqual(command.call([*script, "0"]), "out\n")

    def test_only_the_lines_with_these_words(self):
        page = PAGE.replace('without "dull"', 'only "word" "at msec"')
        shown = "first word 00240fcc = spin+0x2e\nlast * = cbfreturn+0x0 at msec 6\n"
        self.assertEqual(self.run_on(page.format("")), (0, page.format(shown), ""))

    def test_makes_tables_from_lists(self):
        page = "<!-- list: SYSTEM_CALLS of include/xinu/systemcalls.h -->\n{}\nText after.\n"
        status, text, _ = self.run_on(page.format(""))
        self.assertEqual(status, 0)
        rows = re.findall(r"^\| (\d+) \| `(.*)` \|$", text, re.MULTILINE)
        header = (ROOT / "include" / "xinu" / "systemcalls.h").read_text(encoding="utf-8")
        self.assertEqual(len(rows), int(re.search(r"SYSTEM_CALL_COUNT (\d+)", header)[1]))
        self.assertEqual(rows[0], ("0", "pid32 getpid(void)"))
        self.assertIn(("16", "char *sbrk(int32 increment)"), rows)
        self.assertTrue(text.endswith("|\n\nText after.\n"))
        self.assertEqual(self.run_on(text), (0, text, ""))
        self.assertEqual(self.run_on(text, "--check"), (0, text, ""))
        stale = text.replace("sbrk", "brk")
        status, after, errors = self.run_on(stale, "--check")
        self.assertEqual((status, after), (1, stale))
        self.assertIn("brk(int32 increment)", errors)
        self.assertEqual(self.run_on(page.format("").replace("SYSTEM_CALLS", "OTHERS"))[0], 2)

    def test_check_finds_links_to_nowhere(self):
        links = "[a](nowhere.md) [b](page.md) [c](https://x.example) [d](#here)"
        status, _, errors = self.run_on(PAGE.format(SHOWN) + links, "--check")
        self.assertEqual((status, errors.count("nowhere.md"), errors.count("\n")), (1, 1, 1))

    def test_faults(self):
        for text, printed in ((PAGE, ["first", "hello"]), (PAGE.replace(", from", " from"), PRINTED),
                              (PAGE.replace("make run", "make test"), PRINTED),
                              (PAGE.replace(" DET", " APP=none.c DET"), PRINTED)):
            status, after, errors = self.run_on(text, printed=printed)
            self.assertEqual((status, after), (2, text))
            self.assertIn("docs: ", errors)


if __name__ == "__main__":
    unittest.main()
