"""tools/check/bench.py and what it is made of: rows, comparison and plots, and the committed table of costs."""

import contextlib
import io
import pathlib
import re
import sys
import unittest
import xml.dom.minidom
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "check"))
import bench  # noqa: E402
import costs  # noqa: E402
import costs_plot  # noqa: E402
import real_time  # noqa: E402

CONSOLE = """Detour: 516612 KiB of memory are free; at most 100 processes.
null call: getpid in ring 3, by int $0x30: 24
switch: yield, 2 processes ready: 244
"""
NULL_CALL, SWITCH = "null call: getpid in ring 3, by int $0x30", "switch: yield, 2 processes ready"


def table(counts, compiler="12.2.0", size="100"):
    return {"compiler": compiler, "counts": {size: counts}}


class Rows(unittest.TestCase):
    def test_are_read_from_the_console(self):
        self.assertEqual(costs.rows_of(CONSOLE), {NULL_CALL: 24, SWITCH: 244})

    def test_of_the_same_name_or_an_unknown_group_are_a_mistake(self):
        for line in ("switch: yield, 2 processes ready: 245\n", "switches: yield: 1\n"):
            with self.subTest(line), self.assertRaises(ValueError):
                costs.rows_of(CONSOLE + line)

    def test_are_shown_in_the_order_of_the_groups_with_a_column_for_each_size(self):
        both = {"compiler": "1", "counts": {"100": {"switch: a": 5}, "16384": {"switch: a": 6, "switch: b": 7,
                                                                                "null call: c": 8}}}
        lines = [line.split() for line in costs.lines_of(both)]
        self.assertEqual(lines[1:], [[], ["null", "call"], ["c", "-", "8"], [], ["switch"], ["a", "5", "6"],
                                     ["b", "-", "7"]])


class RealTime(unittest.TestCase):
    COUNTS = {SWITCH: 84, real_time.REFERENCE: 1000, "boot: QEMU": 5, "100 times: in": 100}

    def test_is_the_median_of_the_runs_each_in_units_of_its_reference_loop(self):
        runs = [{SWITCH: 168, real_time.REFERENCE: 1000, "100 times: in": 2**32 - 5},
                {SWITCH: 336, real_time.REFERENCE: 2000, "100 times: in": 0},
                {SWITCH: 9000, real_time.REFERENCE: 500, "100 times: in": 0}]
        units = real_time.units_of(self.COUNTS, runs)
        self.assertEqual(units, {SWITCH: 168, real_time.REFERENCE: 1000, "100 times: in": 0})
        self.assertEqual([line.split()[-3:] for line in real_time.lines_of(self.COUNTS, units) if "ready" in line],
                         [["84", "168", "2.0"]])

    def test_of_a_difference_may_be_below_0(self):
        self.assertEqual([real_time.signed(ticks) for ticks in (2**32 - 5, 5)], [-5, 5])


class Comparison(unittest.TestCase):
    def compared(self, old, new, compiler="12.2.0"):
        return costs.compare(table(old), table(new, compiler))

    def test_one_instruction_more_is_worse_and_names_the_row_and_both_counts(self):
        worse, better = self.compared({SWITCH: 244, NULL_CALL: 24}, {SWITCH: 245, NULL_CALL: 23})
        self.assertEqual(worse, [f"{SWITCH} (NPROC 100): 244 -> 245, 1 more"])
        self.assertEqual(better, [f"{NULL_CALL} (NPROC 100): 24 -> 23, 1 fewer"])

    def test_another_compiler_has_a_tolerance(self):
        for old, new, fails in ((244, 268, False), (244, 269, True), (24, 32, False), (24, 33, True)):
            with self.subTest(old=old, new=new):
                self.assertEqual(bool(self.compared({SWITCH: old}, {SWITCH: new}, "14.1.0")[0]), fails)

    def test_a_row_without_counterpart_is_a_failure_with_each_compiler(self):
        for compiler in ("12.2.0", "14.1.0"):
            worse, _ = self.compared({SWITCH: 244}, {NULL_CALL: 24}, compiler)
            self.assertEqual(worse, [f"{SWITCH} (NPROC 100): 244 in the table, but not measured any more",
                                     f"{NULL_CALL} (NPROC 100): 24, but not in the table"])

    def test_an_image_may_grow_a_little_and_boot_is_only_shown(self):
        for row, new, fails in ((costs.IMAGE, 1100, False), (costs.IMAGE, 1101, True), ("boot: QEMU", 9000, False)):
            with self.subTest(row=row, new=new):
                self.assertEqual(bool(self.compared({row: 1000}, {row: new})[0]), fails)

    def test_bytes_per_process_are_the_difference_of_two_images(self):
        both = {"compiler": "1", "counts": {"100": {costs.IMAGE: 1000}, "200": {costs.IMAGE: 3000}}}
        self.assertEqual(costs.bytes_per_process(both), 20)
        self.assertIsNone(costs.bytes_per_process(table({costs.IMAGE: 1000})))

    def test_sizes_that_were_not_measured_do_not_count(self):
        self.assertEqual(costs.compare(table({SWITCH: 244}, size="16384"), {"compiler": "12.2.0", "counts": {}}),
                         ([], []))

    def test_bench_ends_with_1_and_says_how_to_accept(self):
        committed = costs.read()
        measured = costs.read()
        measured["counts"]["100"][SWITCH] += 1
        for result, status in ((measured, 1), (committed, 0)):
            out = io.StringIO()
            with mock.patch.object(bench, "measure_all", lambda result=result: result), \
                    mock.patch.object(costs, "write"), contextlib.redirect_stdout(out):
                self.assertEqual(bench.main([]), status)
            self.assertEqual(out.getvalue().count("WORSE"), status)
            self.assertEqual(out.getvalue().count("make bench RECORD=1"), status)


class Committed(unittest.TestCase):
    def test_plots_show_the_table(self):
        for name, text in costs_plot.plots(costs.read()).items():
            with self.subTest(name):
                self.assertEqual((ROOT / "docs" / name).read_text(encoding="utf-8"), text,
                                 "run `make bench RECORD=1`")
                self.assertIn(f"]({name})", (ROOT / "docs" / "costs.md").read_text(encoding="utf-8"))
                xml.dom.minidom.parseString(text)

    def test_plots_have_a_point_for_each_row_that_names_a_number(self):
        counts = costs.read()["counts"]["16384"]
        numbers = [len(costs_plot.series(counts, pattern, single))
                   for _, _, pattern, single, _ in costs_plot.PLOTS.values()]
        self.assertEqual(numbers, [5, 5, 4])

    def test_ten_thousand_processes_cost_at_most_twice_what_ten_cost(self):
        counts = costs.read()["counts"]["16384"]
        pairs = [(row, re.sub(r"\b10000\b", "10", row)) for row in counts if re.search(r"\b10000 (?!frag)", row)]
        self.assertEqual(len(pairs), 3)
        for many, few in pairs:
            with self.subTest(many):
                self.assertLessEqual(counts[many], 2 * counts[few])


if __name__ == "__main__":
    unittest.main()
