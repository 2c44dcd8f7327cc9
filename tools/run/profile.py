#!/usr/bin/env python3
"""Runs an image and shows where its instructions go: by function and by source line.

Usage: profile.py [--of switch|tick|FUNCTION] [options of run.py] IMAGE.elf

Without --of, all instructions of the run count, from the kernel's first on. With it, one typical switch (from a yield()
to the return of another process's), clock interrupt, or call of a function: of all in the run, the path that was taken
most often. The run is deterministic; its exit code is that of run.py.
"""

import sys

import emulator
import image as images
import instructions
import run

HOTTEST = 20  # rows of a table about a run
# What begins and ends a path, and a function that has to be on it.
PATHS = {"switch": ("yield", "ctxsw"), "tick": ("clkdisp", "clkhandler")}


def table(title, rows, total, note=lambda place: ""):
    print(f"\n{'instructions':>12} {'percent':>7}  {title}")
    for place, count in rows:
        print(f"{count:>12} {100 * count / total:>7.1f}  {place:<36} {note(place)}".rstrip())


def show(image, counts, limit):
    total = sum(count for _, count in counts)
    functions = instructions.summed(counts, image.function)
    lines = instructions.summed(counts, image.line)
    table("function", functions.most_common(limit) if limit else functions.items(), total)
    print(f"{total:>12} {100:>7.1f}  all")
    table("line", lines.most_common(limit) if limit else lines.items(), total, image.source)


def show_run(image, report):
    counts = instructions.counted(report)
    if counts:
        show(image, counts.items(), HOTTEST)


def show_path(image, report, of, through):
    """Shows the commonest path; False if there is none."""
    groups = [(int(words[0]), path) for words, path in instructions.grouped(report)
              if any(image.function(address) == through for address, _ in path)]
    if not groups:
        return False
    times, path = max(groups, key=lambda group: (group[0], -len(group[1])))
    lengths = [len(other) for _, other in groups]
    print(f"\n{of}: {len(path)} instructions, {times} times of {sum(number for number, _ in groups)}; "
          f"the shortest has {min(lengths)}, the longest {max(lengths)}")
    show(image, path, 0)
    return True


def main(arguments):
    of = None
    if arguments[:1] == ["--of"] and len(arguments) > 1:
        of, arguments = arguments[1], arguments[2:]
    options = run.parse(arguments)
    clock = "deterministic" if options.clock == "interactive" else options.clock
    machine = emulator.Machine(options.image, options.memory, clock, options.machine, options.seed, extra=options.extra,
                               limit=options.limit, disk=options.disk)
    begin, through = PATHS.get(of, (of, of))
    try:
        image = images.Image(options.image)
        mode = {"mode": "run"}
        if of:
            ends = ":".join(f"{address:x}" for address in image.returns(begin))
            mode = {"mode": "calls", "begin": f"{image.bounds(begin)[0]:x}", "end": ends}
        with instructions.report_of(machine, image, **mode) as report:
            result = run.carry(machine, options)
            sys.stdout.flush()
            if not of:
                show_run(image, report)
            elif not show_path(image, report, of, through):
                return run.fail(emulator.Outcome.USAGE, f"the run has no {of} to show: name another APP")
    except emulator.EmulatorError as error:
        return run.fail(emulator.Outcome.EMULATOR, error)
    return int(result.outcome) and run.fail(result.outcome, result.reason)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
