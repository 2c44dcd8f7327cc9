#!/usr/bin/env python3
"""Shows the ten longest stretches of instructions with interrupts masked, of these images together: for each place
where one begins, the longest. Then, the clock ticks that the kernel lost.

Usage: latency.py [options of run.py] IMAGE.elf...

A stretch counts from the first interrupt enabled in the kernel on, and only when interrupts are enabled again after it:
not the way to power-off or panic. The length is in instructions, each iteration of a rep instruction being one. Each
image runs deterministically, without input, for --timeout seconds (20); as many run at once as there are CPUs.
"""

import collections
import concurrent.futures
import contextlib
import dataclasses
import multiprocessing
import os
import signal
import sys
import tempfile

import emulator
import image as images
import instructions
import run
import ticks

LONGEST = 10
HOTTEST = 4  # functions named for each
MOST = 8  # programs named where ticks were lost
SECONDS = 20


@dataclasses.dataclass
class Stretch:
    program: str
    length: int  # instructions
    times: int
    first: str  # where it begins
    last: str
    functions: list  # (name, instructions) of those with most


@dataclasses.dataclass
class Measured:
    reason: str  # why the run ended
    in_time: bool
    stretches: list
    ticks: int
    lost: dict  # {where: ticks}


def name_of(path):
    """A test program's path from programs/ on, or another image's file name."""
    return path.removesuffix(".elf").rpartition("programs/" if "programs/" in path else "/")[2]


def place(image, address):
    return f"{image.function(address)} ({image.line(address)})"


def measure(path, arguments):
    """Runs an image; returns what was Measured."""
    options = run.parse([*arguments, path])
    image = images.Image(path)
    machine = emulator.Machine(path, options.memory, "deterministic", options.machine, options.seed,
                               extra=options.extra, limit=options.limit, disk=options.disk)
    with contextlib.ExitStack() as stack:
        log = stack.enter_context(tempfile.NamedTemporaryFile("r", prefix="detour-ticks-"))
        report = stack.enter_context(instructions.report_of(machine, image, mode="masked",
                                                            **ticks.arguments(image, options.seed)))
        machine.extra += (*ticks.TRACED, "-D", log.name)
        result = emulator.run(machine, lambda chunk: None, options.timeout or SECONDS, None, False, inquire=False)
        counted, lost = ticks.lost(log, lambda address: place(image, address))
        groups = instructions.grouped(report)
    stretches = [Stretch(name_of(path), int(length), int(times), place(image, int(first, 16)),
                         place(image, int(last, 16)),
                         instructions.summed(counts, image.function).most_common(HOTTEST))
                 for (length, times, first, last), counts in groups]
    return Measured(result.reason.split(":")[0], result.outcome != emulator.Outcome.TIMEOUT, stretches, counted, lost)


class Summary:
    """What all images showed."""

    def __init__(self, number):
        self.number, self.done, self.failed = number, 0, 0
        self.longest = {}  # by the line where they begin: each cause is one row
        self.ticks, self.lost = 0, {}

    def add(self, name, measured):
        for stretch in measured.stretches:
            if stretch.first not in self.longest or stretch.length > self.longest[stretch.first].length:
                self.longest[stretch.first] = stretch
        self.ticks += measured.ticks
        if measured.lost:
            self.lost[name] = measured.lost
        self.progress(name, measured.reason if measured.in_time else
                      "did not end in time, but its stretches until then count")

    def fail(self, name, error):
        self.failed += 1
        self.progress(name, f"not measured: {error}")

    def progress(self, name, what):
        self.done += 1
        longest = max(self.longest.values(), key=lambda stretch: stretch.length, default=None)
        so_far = f"; longest so far {longest.length} ({longest.program})" if longest else ""
        print(f"latency: {self.done} of {self.number}: {name}: {what}{so_far}", file=sys.stderr)

    def show(self):
        self.show_stretches()
        self.show_ticks()

    def show_stretches(self):
        print("instructions with interrupts masked")
        for stretch in sorted(self.longest.values(), key=lambda stretch: -stretch.length)[:LONGEST]:
            print(f"{stretch.length:>9}  {stretch.program}, {stretch.times} times: from {stretch.first}\n"
                  f"{'':>11}to {stretch.last}\n"
                  f"{'':>11}" + ", ".join(f"{function} {count}" for function, count in stretch.functions))

    def show_ticks(self):
        places = collections.defaultdict(collections.Counter)
        for name, lost in self.lost.items():
            for where, number in lost.items():
                places[where][name] += number
        print(f"\nclock ticks: {self.ticks} counted, {sum(map(collections.Counter.total, places.values()))} lost")
        for where, programs in sorted(places.items(), key=lambda entry: -entry[1].total()):
            most = [f"{name} {number}" for name, number in programs.most_common(MOST)]
            more = [f"and {len(programs) - MOST} more"] if len(programs) > MOST else []
            print(f"{programs.total():>9}  {where}\n{'':>11}in {', '.join(most + more)}")


def ignore_interrupts():
    """Ctrl-C ends the runs and this program; a process that waits for the next run has nothing to say."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def measure_or_end(path, arguments):
    """As measure(); after a signal the process ends, because one that waits for another run would ignore the next."""
    measured = measure(path, arguments)
    if measured.reason == emulator.REASONS[emulator.Outcome.INTERRUPTED]:
        os._exit(int(emulator.Outcome.INTERRUPTED))  # pylint: disable=protected-access; SystemExit would not end it
    return measured


@contextlib.contextmanager
def ended_runs():
    """On Ctrl-C, ends the processes: emulator.run() takes the signal and ends its QEMU, too."""
    try:
        yield
    except KeyboardInterrupt:
        for process in multiprocessing.active_children():
            process.terminate()
        raise


def measure_all(paths, arguments):
    """Runs the images, each in a process of its own; returns the Summary."""
    summary, waiting, running = Summary(len(paths)), list(paths), {}
    processes = os.cpu_count()
    with concurrent.futures.ProcessPoolExecutor(processes, initializer=ignore_interrupts) as pool, ended_runs():
        while waiting or running:
            while waiting and len(running) < processes:  # no more: Ctrl-C does not reach those that a pool has in store
                path = waiting.pop(0)
                running[pool.submit(measure_or_end, path, arguments)] = name_of(path)
            for done in concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED).done:
                name = running.pop(done)
                try:
                    summary.add(name, done.result())
                except (emulator.EmulatorError, OSError) as error:
                    summary.fail(name, error)
    return summary


def main(arguments):
    paths = [argument for argument in arguments if argument.endswith(".elf")]
    options = [argument for argument in arguments if argument not in paths]
    if not paths:
        return run.fail(emulator.Outcome.USAGE, "name the images to measure")
    for path in paths:
        run.parse([*options, path])  # a wrong option is told once, and before the first run
    try:
        instructions.plugin()
        summary = measure_all(paths, options)
    except emulator.EmulatorError as error:
        return run.fail(emulator.Outcome.EMULATOR, error)
    except KeyboardInterrupt:
        return run.fail(emulator.Outcome.INTERRUPTED, "interrupted")
    summary.show()
    return int(emulator.Outcome.EMULATOR) if summary.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
