#!/usr/bin/env python3
"""Runs an image and records the run, what is typed included, so that tools/rewind.py can replay it and go backwards.

The options are those of run.py. Panic, triple fault, time-out and Ctrl-C end the run and the recording alike. The recording
is then replayed once, to see that it can be, and to find its end.

exit code  meaning
        0  there is a recording, however the run ended
       14  the emulator is missing, too old, did not start, or cannot replay what it has recorded
       64  usage error
"""

import os
import pathlib
import shutil
import subprocess
import sys
import time

import emulator
import recording as recordings
import run

SNAPSHOT_SPACE = 50_000_000  # instructions: less than half a second
MOST_SNAPSHOTS = 16


def begin(options):
    """The new recording of this image, with all but the run itself."""
    image = pathlib.Path(options.image).resolve()
    ring = "3" if image.parent.name == "ring3" else "0"
    folder = recordings.FOLDER / (image.stem + ("-ring3" if ring == "3" else ""))
    recordings.copy_image(image, folder)
    recording = recordings.Recording(os.path.realpath(os.environ.get("APP") or image), ring, options.memory,
                                     options.clock == "deterministic", options.seed, recordings.version(), "", 0, folder=folder)
    try:
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", recording.path("snapshots.qcow2"), "64M"], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise emulator.EmulatorError(f"qemu-img cannot make the file for the snapshots: {error}") from None
    return recording


def record(recording, options):
    """Runs the machine, with its console as in run.py."""
    begun = time.monotonic()
    try:
        recording.ended = run.carry(recording.machine("record"), options).reason
    except BrokenPipeError:
        recording.ended = "interrupted: nobody reads the console any more"
    recording.seconds = round(time.monotonic() - begun, 1)


def find_end(recording):
    """Replays all. The end is before the last instruction, which may be the one that switches the machine off."""
    with recordings.start_replay(recording, console="file:console.txt") as replay:
        replay.run_to(2**62)
        return max(0, replay.position() - 1)


def add_snapshots(recording):
    """Snapshots on the way, because each step backwards begins at the last one before."""
    space = max(SNAPSHOT_SPACE, recording.end // MOST_SNAPSHOTS)
    with recordings.start_replay(recording, keep=True) as replay:
        for icount in range(space, recording.end, space):
            replay.run_to(icount)
            replay.save()


def main(arguments):
    options = run.parse(arguments)
    if options.image.endswith(".iso") or options.clock not in ("interactive", "deterministic"):
        return run.fail(emulator.Outcome.USAGE, "only ELF images can be recorded, in real time or with --deterministic")
    folder = None
    try:
        recording = begin(options)
        folder = recording.folder
        record(recording, options)
        recording.end = recordings.repeated(lambda: find_end(recording))
        if recording.end > SNAPSHOT_SPACE:
            recordings.repeated(lambda: add_snapshots(recording))
        recording.save()
    except emulator.EmulatorError as error:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        return run.fail(emulator.Outcome.EMULATOR, f"no recording: {error}")
    again = f"make rewind{' APP=' + os.environ['APP'] if os.environ.get('APP') else ''}"
    print(f"recorded: {recording.ended}; {recording.end} instructions in {recordings.shown(recording.folder)}; "
          f"`{again}` opens gdb at its end", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
