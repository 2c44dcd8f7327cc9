#!/usr/bin/env python3
"""Opens gdb at the end of a recording made by tools/run/record.py, for going backwards.

Usage: rewind.py [--app APP] [--ring 0|3] [--recording NUMBER] [--timeout SECONDS] [-- gdb arguments]

Without --app or --recording, it is the newest recording. `help seek` in gdb tells how to move about.

exit code  meaning
        0  gdb has ended; a batch session has gdb's own exit code
       14  the emulator is missing, too old, or cannot replay the recording; gdb is missing; time-out
       64  usage error, or there is no such recording
"""

import argparse
import os
import shlex
import sys

import emulator
import gdb_port
import gdb_session
import kept_sources
import recording as recordings
import run
import survey
import thread_proxy


def parse(arguments):
    gdb_arguments = shlex.split(os.environ.get("GDBFLAGS", ""))
    if "--" in arguments:
        split = arguments.index("--")
        arguments, gdb_arguments = arguments[:split], gdb_arguments + arguments[split + 1:]
    parser = argparse.ArgumentParser(prog="rewind.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.error = lambda message: sys.exit(run.fail(emulator.Outcome.USAGE, f"{message}; see rewind.py --help"))
    parser.add_argument("--app", metavar="PATH", help="the newest recording of this program")
    parser.add_argument("--ring", choices=("0", "3"), help="the newest recording in this ring")
    parser.add_argument("--recording", type=int, metavar="NUMBER",
                        help="the recording of this number, whatever its program")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="end the session after this time")
    options = parser.parse_args(arguments)
    options.gdb_arguments = gdb_arguments
    return options


def replay_at(recording, icount):
    """A Replay that has gone to this position."""
    replay = recordings.start_replay(recording, gdb=gdb_port.GdbPort())
    try:
        if icount:
            replay.seek(icount)
    except emulator.EmulatorError:
        replay.close()
        raise
    return replay


def session(recording, gdb_arguments, timeout=None, at_end=True):
    """Runs gdb at the end or at the start of the recording; returns gdb's exit code."""
    image = recording.path("kernel.elf")
    with recordings.repeated(lambda: replay_at(recording, recording.end if at_end else 0)) as replay, \
            thread_proxy.ThreadProxy(image, replay.gdb.number) as proxy:
        monitor = replay.monitor.socket.fileno()
        commands = [*kept_sources.gdb_commands(recording.sources, recording.folder),
                    f"python import sys; sys.path[:0] = [{os.path.dirname(os.path.abspath(__file__))!r}]; "
                    f"import travel; travel.begin({proxy.port}, {monitor}, {recording.end}, {recording.ended!r})"]
        return gdb_session.run_gdb(image, gdb_arguments, commands, timeout, pass_fds=(monitor,))


def main(arguments):
    options = parse(arguments)
    gdb_session.end_on_signals()

    def rewind():
        recording = recordings.with_number(options.recording) if options.recording is not None else \
            recordings.newest(options.app, options.ring)
        return session(survey.ready(recording), options.gdb_arguments, options.timeout)

    return run.guarded(rewind, recordings.RecordingError)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
