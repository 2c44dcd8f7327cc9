"""What the kernel's operations cost is no more than what costs.json says; how long they take is shown for all.

The image is programs/apps/bench.elf in the folder that the environment variable DETOUR_PROGRAMS names, or else in
build/kernel. It has the default process table; Everything builds one with the largest.
"""

import os
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "check"))
import bench  # noqa: E402
import costs  # noqa: E402
import real_time  # noqa: E402

PROGRAMS = pathlib.Path(os.environ.get("DETOUR_PROGRAMS") or ROOT / "build" / "kernel" / "programs")


class Case(unittest.TestCase):
    def judge(self, size, image):
        measured = {"compiler": bench.compiler(), "counts": {size: bench.measure(image)}}
        worse, better = costs.compare(costs.read(), measured)
        for line in better:
            print(f"better: {line}; {bench.UPDATE}")
        if worse:
            self.fail("\n".join(["operations cost more than tests/costs/costs.json says:", *worse,
                                 f"If this is meant to be: {bench.UPDATE}."]))


class Costs(Case):
    def test_none_is_worse_with_the_default_process_table(self):
        self.judge("100", PROGRAMS / "apps" / "bench.elf")


class RealTime(unittest.TestCase):
    def test_each_row_has_a_ratio(self):
        image = PROGRAMS / "apps" / "bench.elf"
        counts = bench.rows(image, "count")
        lines = real_time.lines_of(counts, real_time.units_of(counts, [bench.rows(image, "real")]))
        ratios = [line for line in lines if re.fullmatch(r"  .* +\d+ +-?\d+ +-?\d+[.]\d", line)]
        self.assertEqual(len(ratios), sum(row.split(":")[0] not in costs.WITHOUT_TIME for row in counts), lines)


class Everything(Case):
    def test_none_is_worse_with_ten_thousand_processes(self):
        self.judge("16384", bench.build("16384"))


del Case

if __name__ == "__main__":
    unittest.main()
