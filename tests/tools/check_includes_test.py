"""The include check accepts the ways down and finds each way up."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "check"))
import check_includes  # noqa: E402


class CheckIncludes(unittest.TestCase):
    def violations(self, path, line):
        with tempfile.TemporaryDirectory() as root:
            for name, text in (("system/calls.hpp", ""), ("shell/shell.hpp", ""), (path, line + "\n")):
                file = pathlib.Path(root, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            return check_includes.violations(root)

    def test_ways_down(self):
        for path, line in (
            ("kernel/a.cpp", '#include "kernel/base/arch.hpp"'),
            ("kernel/a.cpp", "#include <xinu/types.h>"),
            ("kernel/a.cpp", "#include <array>"),
            ("arch/x86/a.S", '#include "arch/x86/entry/frames.h"'),
            ("arch/x86/a.cpp", '#include "kernel/base/arch.hpp"'),
            ("system/a.cpp", '#include "kernel/process/process.hpp"'),
            ("system/a.cpp", "#include <xinu.h>"),
            ("apps/tour/a.c", "#include <xinu.h>"),
            ("apps/tour/a.c", "#include <stdio.h>"),
            ("include/xinu.h", "#include <xinu/types.h>"),
        ):
            with self.subTest(path=path, line=line):
                self.assertEqual(self.violations(path, line), [])

    def test_ways_up(self):
        for path, line in (
            ("kernel/a.cpp", '#include "system/calls.hpp"'),
            ("kernel/a.cpp", '#include "../system/calls.hpp"'),
            ("kernel/a.cpp", '#  include "arch/x86/cpu/cpu.hpp"'),
            ("kernel/a.cpp", "#include <xinu.h>"),
            ("kernel/a.cpp", "#include <string.h>"),
            ("arch/x86/a.cpp", '#include "system/calls.hpp"'),
            ("system/a.cpp", '#include "arch/x86/cpu/cpu.hpp"'),
            ("system/a.cpp", '#include "shell/shell.hpp"'),
            ("include/xinu/a.h", '#include "kernel/process/process.hpp"'),
            ("apps/a.c", '#include "kernel/process/process.hpp"'),
            ("user/a.c", '#include "system/calls.hpp"'),
        ):
            with self.subTest(path=path, line=line):
                found = self.violations(path, line)
                self.assertEqual(len(found), 1)
                self.assertTrue(found[0].startswith(f"{path}:1: "), found[0])


if __name__ == "__main__":
    unittest.main()
