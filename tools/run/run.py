#!/usr/bin/env python3
"""Starts QEMU with an image of the kernel; the exit code tells how the run ended.

The console of the kernel is standard output. On a terminal, keys go to the kernel, Ctrl-C too, and Ctrl-A X ends the
run; otherwise standard input is typed at the console, followed by one Ctrl-D (0x04), which the kernel takes as the end
of the input, and Ctrl-C ends the run.
In deterministic mode only --input is typed, because the moment at which a key arrives is not deterministic.

exit code  meaning
        0  the kernel powered the machine off in order
       10  panic: the kernel stopped itself
       11  refused: the kernel did not want to boot (not started by a multiboot loader, or on an unfit machine)
       12  reset: the machine was reset, after a triple fault
       13  time-out: the run was ended from outside, after a report of where each process was
       14  the emulator is missing, too old, or did not start
       15  limit: the machine has ended itself after --limit
       64  usage error
      130  interrupted by Ctrl-A X, Ctrl-C or a signal
"""

import argparse
import contextlib
import os
import select
import shutil
import sys

import disk
import emulator


@contextlib.contextmanager
def kept_terminal():
    """Restores our terminal, whatever others do to it."""
    import termios  # not everywhere, and only needed here

    saved = termios.tcgetattr(0)
    try:
        yield
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, saved)


def take_all_keys():
    """Our terminal hands over each key as it is typed: none is echoed, changed, or taken as a signal."""
    import termios

    mode = termios.tcgetattr(0)
    mode[0] &= ~(termios.BRKINT | termios.ISTRIP | termios.INLCR | termios.IGNCR | termios.ICRNL | termios.IXON)
    mode[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    termios.tcsetattr(0, termios.TCSADRAIN, mode)


def write_console(chunk):
    """Writes to standard output, unbuffered and unmodified. It may be non-blocking."""
    while chunk:
        try:
            chunk = chunk[os.write(1, chunk):]
        except BlockingIOError:
            select.select([], [1], [])


def parse(arguments, for_gdb=False):
    """The options; for_gdb adds debug.py's --gdb."""
    extra = []
    if "--" in arguments:
        split = arguments.index("--")
        arguments, extra = arguments[:split], arguments[split + 1:]
    parser = argparse.ArgumentParser(
        prog="run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="run.py [options] IMAGE.elf|IMAGE.iso [-- QEMU arguments]")
    parser.error = lambda message: (print(f"run: {message}; see run.py --help", file=sys.stderr), sys.exit(64))
    parser.add_argument("image", help="the kernel with its program, or a GRUB image of it")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="end the run after this time")
    parser.add_argument("--limit", type=int, default=0, metavar="MSEC",
                        help="end the run after this time of the machine's own (not with an ISO)")
    parser.add_argument("--memory", type=int, default=128, metavar="MIB", help="memory of the machine (128)")
    parser.add_argument("--disk", metavar="FILE", default="",
                        help="the disk is this image file, which is made if it does not exist")
    parser.add_argument("--machine", choices=("pc", "isapc"), default="pc", help="QEMU's machine model (pc)")
    clock = parser.add_mutually_exclusive_group()
    clock.add_argument("--interactive", dest="clock", action="store_const", const="interactive",
                       help="real time (the default)")
    clock.add_argument("--deterministic", dest="clock", action="store_const", const="deterministic",
                       help="virtual time: the same run every time, and idle time is skipped")
    clock.add_argument("--count", dest="clock", action="store_const", const="count",
                       help="like --deterministic, and one tick of the TSC is one instruction")
    clock.add_argument("--sweep", dest="clock", action="store_const", const="sweep",
                       help="like --deterministic, and the timer chip can interrupt before any single instruction")
    parser.add_argument("--seed", type=int, default=0, metavar="N",
                        help="vary the time between clock interrupts, in a sequence that N determines "
                             "(not with an ISO)")
    parser.add_argument("--input", metavar="FILE",
                        help="type this file at the console, then Ctrl-D; - is standard input")
    parser.add_argument("--window", dest="screen", action="store_const", const="window", default="none",
                        help="show the screen of the machine in a window, which has its keyboard, too")
    parser.add_argument("--no-input", action="store_true", help="type nothing, and no Ctrl-D either")
    parser.add_argument("--single", action="store_true",
                        help="translate instruction by instruction: for -d exec,cpu logs")
    if for_gdb:
        parser.add_argument("--gdb", type=int, metavar="PORT", help="wait there for the gdb of an editor")
    options = parser.parse_args(arguments)
    if options.timeout is not None and options.timeout <= 0:
        parser.error("--timeout must be above 0")
    if options.seed < 0 or options.seed >= 2**31:
        parser.error("--seed must be between 0 and 2147483647")
    if options.limit < 0 or options.limit >= 2**31:
        parser.error("--limit must be between 0 and 2147483647")
    if (options.seed or options.limit) and options.image.endswith(".iso"):
        parser.error("--seed and --limit go with an ELF image: the command line of an ISO is in grub.cfg")
    if options.memory < 1:
        parser.error("--memory must be above 0")
    if not os.path.isfile(options.image):
        parser.error(f"there is no image {options.image}")
    if options.disk:
        try:
            if disk.require(options.disk):
                print(f"run: made the disk {options.disk}", file=sys.stderr)
        except disk.DiskError as error:
            parser.error(str(error))
    options.clock = options.clock or "interactive"
    options.extra = tuple(extra)
    return options


def open_input(options):
    """What to type: (file descriptor or None, whether to type at all)."""
    if options.no_input:
        return None, False
    if options.input and options.input != "-":
        try:
            return os.open(options.input, os.O_RDONLY), True
        except OSError as error:
            sys.exit(fail(emulator.Outcome.USAGE, f"cannot read the input {options.input}: {error.strerror}"))
    if options.input is None and options.clock != "interactive":
        return None, False
    return (0 if sys.stdin else None), True


def fail(outcome, reason):
    print(f"run: {reason}", file=sys.stderr)
    return int(outcome)


def guarded(work, usage=()):
    """The exit code of work(), or that of what it raises: an error of a type in `usage`, of QEMU or the system, or
    Ctrl-C; the error is one line."""
    try:
        return work()
    except usage as error:
        return fail(emulator.Outcome.USAGE, error)
    except (emulator.EmulatorError, OSError) as error:
        return fail(emulator.Outcome.EMULATOR, error)
    except KeyboardInterrupt:
        return fail(emulator.Outcome.INTERRUPTED, "interrupted")


def carry(machine, options):
    """Runs the machine with its console on the terminal, or on standard input and output; returns the Result."""
    on_terminal = sys.stdin is not None and os.isatty(0) and os.isatty(1)
    if on_terminal and not options.input and not options.no_input:
        print("run: all keys go to the machine, Ctrl-C too; Ctrl-A X ends the run", file=sys.stderr)
        with kept_terminal():
            take_all_keys()
            return emulator.run(machine, write_console, options.timeout, source=0, keyboard=True)
    source, feed = open_input(options)
    return emulator.run(machine, write_console, options.timeout, source, feed)


def main(arguments):
    options = parse(arguments)
    machine = emulator.Machine(options.image, options.memory, options.clock, options.machine, options.seed,
                               single=options.single, extra=options.extra, limit=options.limit,
                               disk=options.disk, screen=options.screen)
    if not shutil.which(emulator.QEMU):
        return fail(emulator.Outcome.EMULATOR,
                    f"{emulator.QEMU} is not installed; 'make run' installs it, 'make doctor' tells what is missing")
    try:
        result = carry(machine, options)
    except emulator.EmulatorError as error:
        return fail(emulator.Outcome.EMULATOR, error)
    except BrokenPipeError:
        return fail(emulator.Outcome.INTERRUPTED, "interrupted: nobody reads the console any more")
    return int(result.outcome) and fail(result.outcome, result.reason)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
