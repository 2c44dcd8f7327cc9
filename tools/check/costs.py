"""Tables of costs: rows of apps/bench, `group: what is measured: count`, for each size of the process table. A count is
one of instructions, or, in the group of sizes, of bytes.

A table is {"compiler": "12.2.0", "counts": {"100": {"group: what is measured": count}}}, as in
tests/costs/costs.json, the table with which the tests compare.
"""

import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "tests" / "costs" / "costs.json"

ROW = re.compile(r"^([^:\n]+: [^:\n]+): (\d+)\r?$", re.MULTILINE)
GROUPS = ("null call", "switch", "round trip", "process", "memory", "sleep", "detour",  # lmbench's order
          "reference", "size", "boot")
SINGLE = "100 times"  # of single instructions, whose number is plain: only for the table of real time
WITHOUT_TIME = ("size", "boot")
ONLY_SHOWN = "boot"  # most of it is QEMU's BIOS, whose versions differ
IMAGE = "size: image in memory, bytes"

# Sizes, and all counts with another compiler than the table's, may be this much higher: a tenth, or a few where a tenth
# is less.
TOLERANCE_PART = 10
TOLERANCE_LEAST = 8


def rows_of(console):
    """{row: count} of what apps/bench has printed. ValueError: a row twice, or of an unknown group."""
    rows = {}
    for name, count in ROW.findall(console):
        if name in rows or name.split(":")[0] not in (*GROUPS, SINGLE):
            raise ValueError(f"apps/bench prints the row '{name}' twice, or its group is not in tools/check/costs.py")
        rows[name] = int(count)
    return rows


def read(path=COMMITTED):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def write(path, table):
    pathlib.Path(path).write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def tolerance(row, count, exact):
    """How much more than the committed count is not worse."""
    return 0 if exact and row != IMAGE else max(count // TOLERANCE_PART, TOLERANCE_LEAST)


def compare(committed, measured):
    """(worse, better): lines for the user. Only the sizes of the process table that were measured count.

    With the compiler of the committed table one instruction more is worse; with others, more than the tolerance.
    """
    exact = committed["compiler"] == measured["compiler"]
    worse, better = [], []
    for size, counts in measured["counts"].items():
        old = committed["counts"].get(size, {})
        for row in [*old, *(row for row in counts if row not in old)]:
            at = f"{row} (NPROC {size})"
            if row not in counts:
                worse.append(f"{at}: {old[row]} in the table, but not measured any more")
            elif row not in old:
                worse.append(f"{at}: {counts[row]}, but not in the table")
            elif not row.startswith(ONLY_SHOWN):
                more, slack = counts[row] - old[row], tolerance(row, old[row], exact)
                if more > slack:
                    worse.append(f"{at}: {old[row]} -> {counts[row]}, {more} more")
                elif exact and more < -slack:
                    better.append(f"{at}: {old[row]} -> {counts[row]}, {-more} fewer")
    return worse, better


def bytes_per_process(table):
    """What each entry of the process table adds to the image in memory; None if only one size was measured."""
    images = sorted((int(size), counts[IMAGE]) for size, counts in table["counts"].items() if IMAGE in counts)
    if len(images) < 2:
        return None
    (fewer, smaller), (more, larger) = images[0], images[-1]
    return (larger - smaller) / (more - fewer)


def lines_of(table):
    """The table for the reader: a block for each group, a column for each size of the process table."""
    sizes = sorted(table["counts"], key=int)
    rows = list(dict.fromkeys(row for size in reversed(sizes) for row in table["counts"][size]))
    width = max(len(row) for row in rows)
    head = f"Instructions, GCC {table['compiler']}"
    lines = [f"{head:{width}}" + "".join(f"{'NPROC ' + size:>14}" for size in sizes)]
    for group in GROUPS:
        inside = [row for row in rows if row.startswith(group + ": ")]
        lines += ["", group] if inside else []
        for row in inside:
            counts = "".join(f"{table['counts'][size].get(row, '-'):>14}" for size in sizes)
            lines.append(f"  {row[len(group) + 2:]:{width - 2}}{counts}")
        if group == "size" and bytes_per_process(table):
            lines.append(f"  each entry of the process table, bytes: {bytes_per_process(table):.1f}")
    return lines
