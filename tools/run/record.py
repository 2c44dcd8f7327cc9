#!/usr/bin/env python3
"""Runs an image and records the run, what is typed included, so that tools/run/rewind.py can replay it and go
backwards.

The options are those of run.py. Panic, triple fault, time-out and what the user does to end it end the run and the
recording alike. The recording is then complete, and older ones are deleted. It is replayed once, to see that it can be,
and to find its end; Ctrl-C puts that off until rewind.py.

exit code  meaning
        0  there is a recording, however the run ended
       14  the emulator is missing, too old, did not start, or cannot replay what it has recorded
       64  usage error
      130  interrupted before the run began
"""

import os
import shutil
import signal
import subprocess
import sys
import time

import emulator
import kept_sources
import recording as recordings
import run
import survey


def begin(options, folder):
    """The recording of this image in this new folder, complete except for the run itself."""
    app = os.path.realpath(os.environ.get("APP") or options.image)
    clock = "typed" if options.clock == "deterministic" and options.input else options.clock
    recordings.copy_image(options.image, folder)
    recording = recordings.Recording(
        app=app, sources=kept_sources.copy(app, folder), ring=recordings.ring(options.image),
        memory=options.memory, clock=clock, seed=options.seed, limit_msec=options.limit,
        emulator=recordings.version(), ended="", seconds=0, folder=folder)
    try:
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", recording.path("snapshots.qcow2"), "64M"],
                       check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise emulator.EmulatorError(f"qemu-img cannot make the file for the snapshots: {error}") from None
    return recording


def record(recording, options):
    """Runs the machine, with its console as in run.py. When that has ended, there is a recording; if not,
    EmulatorError."""
    begun = time.monotonic()
    try:
        recording.ended = run.carry(recording.machine("record"), options).reason
    except BrokenPipeError:
        recording.ended = "interrupted: nobody reads the console any more"
    recording.seconds = round(time.monotonic() - begun, 1)
    with emulator.handled_signals(signal.SIG_IGN):  # a second Ctrl-C does not discard the run
        log = recording.path("events.log")
        if not log.exists() or not log.stat().st_size:
            raise emulator.EmulatorError(f"{recording.ended}, before the machine had begun")
        recordings.mend_log(log)
        recording.save()


def rewinding(options):
    """The command that opens this recording, as long as it is the newest."""
    app = os.environ.get("APP")
    return " ".join(["make rewind", *([f"APP={app}"] if app else []),
                     *(["RING=3"] if recordings.ring(options.image) == "3" else [])])


def checked(recording, options):
    """Replays the recording once; returns the exit code."""
    place = recordings.shown(recording.folder)
    try:
        survey.complete(recording)
    except KeyboardInterrupt:
        print(f"recorded: {recording.ended}; in {place}; not checked yet: `{rewinding(options)}` begins with that",
              file=sys.stderr)
    except (emulator.EmulatorError, OSError) as error:
        return run.fail(emulator.Outcome.EMULATOR,
                        f"the recording {place} cannot be replayed: {error}; `{rewinding(options)}` tries again")
    else:
        print(f"recorded: {recording.ended}; {recording.end} instructions in {place}; `{rewinding(options)}` opens "
              "gdb at its end", file=sys.stderr)
    return 0


def main(arguments):
    options = run.parse(arguments)
    if options.image.endswith(".iso") or options.clock not in ("interactive", "deterministic"):
        return run.fail(emulator.Outcome.USAGE, "only ELF images can be recorded, in real time or with --deterministic")
    if options.disk:
        return run.fail(emulator.Outcome.USAGE, "a run with a disk cannot be recorded; leave out DISK")
    folder = recordings.new_folder(options.image)
    try:
        recording = begin(options, folder)
        record(recording, options)
    except (emulator.EmulatorError, OSError, KeyboardInterrupt) as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, KeyboardInterrupt):
            return run.fail(emulator.Outcome.INTERRUPTED, "no recording: interrupted")
        return run.fail(emulator.Outcome.EMULATOR, f"no recording: {error}")
    recordings.drop_old(folder)
    return checked(recording, options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
