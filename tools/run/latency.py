#!/usr/bin/env python3
"""Shows the ten longest stretches of instructions with interrupts masked, of these images together: for
each place where one begins, the longest.

Usage: latency.py [options of run.py] IMAGE.elf...

A stretch counts from the first interrupt enabled in the kernel on, and only when interrupts are enabled again after it:
not the way to power-off or panic. The length is in instructions, each iteration of a rep instruction being one. Each
image runs deterministically, without input, for --timeout seconds (20).
"""

import os
import sys

import emulator
import instructions
import run

LONGEST = 10
HOTTEST = 4  # functions named for each
SECONDS = 20


def stretches_of(path, arguments):
    """The stretches in a run of this image: a list of (length, times, image, first, last, counts)."""
    options = run.parse([*arguments, path])
    image = instructions.Image(path)
    machine = emulator.Machine(path, options.memory, "deterministic", options.machine, options.seed,
                               extra=options.extra, limit=options.limit)
    with instructions.report_of(machine, image, mode="masked") as report:
        emulator.run(machine, lambda chunk: None, options.timeout or SECONDS, None, False)
        groups = instructions.grouped(report)
    return [(int(length), int(times), image, int(first, 16), int(last, 16), counts)
            for (length, times, first, last), counts in groups]


def place(image, address):
    return f"{image.function(address)} ({image.line(address)})"


def describe(name, stretch):
    length, times, image, first, last, counts = stretch
    functions = instructions.summed(counts, image.function).most_common(HOTTEST)
    print(f"{length:>9}  {name}, {times} times: from {place(image, first)}\n"
          f"{'':>11}to {place(image, last)}\n"
          f"{'':>11}" + ", ".join(f"{function} {count}" for function, count in functions))


def main(arguments):
    images = [argument for argument in arguments if argument.endswith(".elf")]
    options = [argument for argument in arguments if argument not in images]
    longest = {}  # by the line where they begin: each cause is one row
    try:
        for number, path in enumerate(images, 1):
            name = os.path.basename(path).removesuffix(".elf")
            print(f"latency: {number} of {len(images)}: {name}", file=sys.stderr)
            for stretch in stretches_of(path, options):
                key = place(stretch[2], stretch[3])
                if key not in longest or stretch[0] > longest[key][1][0]:
                    longest[key] = (name, stretch)
    except emulator.EmulatorError as error:
        return run.fail(emulator.Outcome.EMULATOR, error)
    print("instructions with interrupts masked")
    for name, stretch in sorted(longest.values(), key=lambda entry: -entry[1][0])[:LONGEST]:
        describe(name, stretch)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
