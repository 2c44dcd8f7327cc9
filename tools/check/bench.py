#!/usr/bin/env python3
"""Builds and runs apps/bench, and prints what the kernel's operations cost, in instructions.

It runs once with the default process table and once with the largest, for rows with many processes. The result is also
in build/bench.json, and is compared with the committed table, tests/costs/costs.json, as a test does, too. With --real
it shows instead how long each operation takes, as a check of the count.

exit code  meaning
        0  no row is worse than in the committed table
        1  a row is worse
        2  an image could not be built or run
       64  usage error
"""

import argparse
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "run"))

import costs  # noqa: E402
import costs_plot  # noqa: E402
import emulator  # noqa: E402
import environment  # noqa: E402
import image as images  # noqa: E402
import real_time  # noqa: E402

RESULT = ROOT / "build" / "bench.json"
REAL_RESULT = ROOT / "build" / "bench-real.json"
SIZES = {"100": "", "16384": "16384"}  # entries of the process table, and NPROC for the build
MEMORY = 512  # MiB, for 10,000 stacks
SECONDS = 120
REAL_RUNS = 9
UPDATE = "`make bench RECORD=1` makes the new counts the committed ones"


class Fault(Exception):
    """Nothing could be measured; the text is for the user."""


def build(nproc):
    """The path of the image of apps/bench."""
    done = subprocess.run(["sh", "tools/build/build.sh", "image"], cwd=ROOT, stdout=subprocess.PIPE, text=True,
                          env=environment.clean(APP="apps/bench", NPROC=nproc), check=False)
    if done.returncode != 0:
        raise Fault("apps/bench could not be built; the messages are above")
    return ROOT / done.stdout.strip()


def compiler():
    """The version of the cross compiler that builds the kernel."""
    cache = next((ROOT / "build").glob("kernel*/CMakeCache.txt")).read_text(encoding="utf-8")
    prefix = next(line.split("=")[1] for line in cache.splitlines() if line.startswith("DETOUR_CROSS:"))
    return subprocess.run([f"{prefix}gcc", "-dumpfullversion"], stdout=subprocess.PIPE, text=True,
                          check=True).stdout.strip()


def bytes_in_memory(image):
    """What the image's segments take in memory."""
    return sum(size for *_, size in images.segments(pathlib.Path(image).read_bytes()))


def rows(image, clock):
    """{row: ticks of the TSC} of a run of this image; with the clock "count", a tick is an instruction."""
    console = bytearray()
    result = emulator.run(emulator.Machine(str(image), MEMORY, clock), console.extend, SECONDS, feed=False)
    text = console.decode(errors="replace")
    found = costs.rows_of(text)
    if result.outcome != emulator.Outcome.POWERED_OFF or not found:
        raise Fault(f"apps/bench did not run to its end: {result.reason}\n{text[-2000:]}")
    return found


def measure(image):
    """{row: count} of this image."""
    counts = {row: count for row, count in rows(image, "count").items() if not row.startswith(costs.SINGLE)}
    return counts | {costs.IMAGE: bytes_in_memory(image)}


def measure_all():
    counts = {}
    for size, nproc in SIZES.items():
        print(f"bench: building and running apps/bench with NPROC {size}", file=sys.stderr)
        counts[size] = measure(build(nproc))
    return {"compiler": compiler(), "counts": counts}


def show_real_time():
    """The rows in instructions and in real time, of the image that has all rows."""
    size = max(SIZES, key=int)
    print(f"bench: building and running apps/bench with NPROC {size}, {REAL_RUNS} times in real time", file=sys.stderr)
    image = build(SIZES[size])
    counts = rows(image, "count")
    units = real_time.units_of(counts, [rows(image, "real") for _ in range(REAL_RUNS)])
    costs.write(REAL_RESULT, {row: {"instructions": counts[row], "time": units[row]} for row in units})
    print("\n".join(real_time.lines_of(counts, units)))


def record(table):
    """Makes these the committed counts, and draws them."""
    costs.write(costs.COMMITTED, table)
    for name, text in costs_plot.plots(table).items():
        (ROOT / "docs" / name).write_text(text, encoding="utf-8")
    return subprocess.run([sys.executable, "tools/check/docs.py", "docs/costs.md"], cwd=ROOT, check=False).returncode


def judge(table):
    """Says what differs from the committed table; returns whether a row is worse."""
    worse, better = costs.compare(costs.read(), table)
    for word, lines in (("better", better), ("WORSE", worse)):
        for line in lines:
            print(f"bench: {word}: {line}")
    if worse or better:
        print(f"bench: {UPDATE}")
    return bool(worse)


def main(arguments):
    parser = argparse.ArgumentParser(prog="bench.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.error = lambda message: (print(f"bench: {message}; see bench.py --help", file=sys.stderr), sys.exit(64))
    parser.add_argument("--record", action="store_true",
                        help="write the committed table anew, and docs/costs.md and its plots")
    parser.add_argument("--real", action="store_true",
                        help="show real time beside the instructions, in units of an instruction of a reference loop")
    options = parser.parse_args(arguments)
    try:
        if options.real:
            show_real_time()
            return 0
        table = measure_all()
        costs.write(RESULT, table)
        print("\n".join(costs.lines_of(table)))
        return record(table) if options.record else int(judge(table))
    except (Fault, ValueError, OSError, emulator.EmulatorError) as fault:
        print(f"bench: {fault}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
