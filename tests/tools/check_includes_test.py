"""The include check accepts includes that lead down and finds each that leads up."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "check"))
import check_includes  # noqa: E402


class CheckIncludes(unittest.TestCase):
    def violations(self, files):
        with tempfile.TemporaryDirectory() as root:
            for name, text in {"include/xinu.h": "", "arch/x86/include/machine/instructions.hpp": "",
                               "system/ring3/calls.hpp": "", **files}.items():
                file = pathlib.Path(root, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text + "\n", encoding="utf-8")
            return check_includes.violations(root)

    def test_ways_down(self):
        for path, line in (
            ("kernel/sched/a.cpp", '#include "kernel/base/arch.hpp"'),
            ("kernel/sched/a.cpp", '#include "kernel/sched/b.hpp"'),
            ("kernel/report/a.cpp", '#include "kernel/text/format.hpp"'),
            ("kernel/text/a.cpp", "#include <xinu/types.h>"),
            ("kernel/text/a.cpp", "#include <array>"),
            ("kernel/base/arch.hpp", "#include <machine/instructions.hpp>"),
            ("arch/x86/cpu/a.S", '#include "arch/x86/entry/frames.h"'),
            ("arch/x86/entry/a.cpp", '#include "kernel/base/arch.hpp"'),
            ("arch/x86/boot/a.hpp", '#include "kernel/memory/memory_ranges.hpp"'),
            ("arch/x86/fault/a.cpp", '#include "kernel/report/panic.hpp"'),
            ("arch/x86/device/irq.cpp", '#include "kernel/sched/scheduler.hpp"'),
            ("system/a.cpp", '#include "kernel/process/process.hpp"'),
            ("system/a.cpp", "#include <xinu.h>"),
            ("system/ring3/a.cpp", '#include "calls.hpp"'),
            ("apps/tour/a.c", "#include <xinu.h>"),
            ("apps/tour/a.c", "#include <stdio.h>"),
            ("user/lib/a.cpp", '#include "kernel/text/format.hpp"'),
            ("include/xinu.h", "#include <xinu/types.h>"),
        ):
            with self.subTest(path=path, line=line):
                self.assertEqual(self.violations({path: line}), [])

    def test_ways_up(self):
        for path, line in (
            ("kernel/text/a.cpp", '#include "kernel/base/print.hpp"'),
            ("kernel/memory/a.cpp", '#include "kernel/sched/process_table.hpp"'),
            ("kernel/sched/a.hpp", '#include "kernel/report/panic.hpp"'),
            ("kernel/report/a.cpp", '#include "system/ring3/calls.hpp"'),
            ("kernel/report/a.cpp", '#include "../../system/ring3/calls.hpp"'),
            ("kernel/base/arch.hpp", '#  include "arch/x86/cpu/cpu.hpp"'),
            ("kernel/base/a.cpp", "#include <machine/instructions.hpp>"),
            ("kernel/base/a.cpp", "#include <xinu.h>"),
            ("kernel/base/a.cpp", "#include <string.h>"),
            ("arch/x86/entry/a.cpp", '#include "arch/x86/cpu/cpu.hpp"'),
            ("arch/x86/entry/a.cpp", '#include "kernel/detour/detour.hpp"'),
            ("arch/x86/device/uart.cpp", '#include "kernel/sched/scheduler.hpp"'),
            ("arch/x86/fault/a.cpp", '#include "system/a.hpp"'),
            ("system/a.cpp", '#include "arch/x86/cpu/cpu.hpp"'),
            ("system/a.cpp", '#include "system/ring3/calls.hpp"'),
            ("include/xinu/a.h", '#include "kernel/process/process.hpp"'),
            ("apps/a.c", '#include "kernel/process/process.hpp"'),
            ("user/lib/a.cpp", '#include "kernel/base/arch.hpp"'),
            ("user/a.c", '#include "system/ring3/calls.hpp"'),
        ):
            with self.subTest(path=path, line=line):
                found = self.violations({path: line})
                self.assertEqual(len(found), 1)
                self.assertTrue(found[0].startswith(f"{path}:1: "), found[0])

    def test_circle_of_units(self):
        found = self.violations({"kernel/sched/a.cpp": '#include "kernel/sched/b.hpp"', "kernel/sched/b.hpp": "",
                                 "kernel/sched/b.cpp": '#include "kernel/sched/a.hpp"', "kernel/sched/a.hpp": ""})
        self.assertEqual(found, ["circle: kernel/sched/a -> kernel/sched/b -> kernel/sched/a"])

    def test_folder_without_a_floor(self):
        self.assertEqual(self.violations({"kernel/attic/a.cpp": '#include "kernel/attic/b.hpp"'}),
                         ["kernel/attic/a.cpp:1: in none of the folders of tools/check/check_includes.py"])


if __name__ == "__main__":
    unittest.main()
