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
import shutil
import subprocess
import sys
import time

import emulator
import recording as recordings
import run

FAR, NEAR = 50_000_000, 1 << 16  # instructions between snapshots: at least, and near the end


def begin(options, folder):
    """The new recording of this image, with all but the run itself."""
    recordings.copy_image(options.image, folder)
    recording = recordings.Recording(
        app=os.path.realpath(os.environ.get("APP") or options.image), ring=recordings.ring(options.image),
        memory=options.memory, deterministic=options.clock == "deterministic", seed=options.seed,
        emulator=recordings.version(), ended="", seconds=0, folder=folder)
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


def snapshots(end):
    """Where snapshots are of use: each step backwards begins at the last one before it, and most are taken near the end.

    They are few, at equal distances all the way, and near the end at distances from it that double.
    """
    space = max(FAR, end // 16)
    near = (end - (NEAR << k) for k in range(32) if NEAR << k < space)
    return sorted({*range(space, end, space), *(icount for icount in near if icount > 0)})


def add_snapshots(recording):
    with recordings.start_replay(recording, keep=True) as replay:
        for icount in snapshots(recording.end):
            replay.run_to(icount)
            replay.save()


def main(arguments):
    options = run.parse(arguments)
    if options.image.endswith(".iso") or options.clock not in ("interactive", "deterministic"):
        return run.fail(emulator.Outcome.USAGE, "only ELF images can be recorded, in real time or with --deterministic")
    folder = recordings.FOLDER / recordings.name(options.image)
    try:
        recording = begin(options, folder)
        record(recording, options)
        recordings.mend_log(recording.path("events.log"))
        recording.end = recordings.repeated(lambda: find_end(recording))
        recordings.repeated(lambda: add_snapshots(recording))
        recording.save()
    except (emulator.EmulatorError, OSError, KeyboardInterrupt) as error:
        shutil.rmtree(folder, ignore_errors=True)
        outcome = emulator.Outcome.EMULATOR if str(error) else emulator.Outcome.INTERRUPTED
        return run.fail(outcome, f"no recording: {error or 'interrupted'}")
    again = f"make rewind{' APP=' + os.environ['APP'] if os.environ.get('APP') else ''}"
    print(f"recorded: {recording.ended}; {recording.end} instructions in {recordings.shown(recording.folder)}; "
          f"`{again}` opens gdb at its end", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
