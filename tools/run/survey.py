"""Replays a recording before it is used: to verify that it can be, to find its end, and to make snapshots on the way.

Each step backwards begins at the last snapshot before it. So there are snapshots at equal distances all the way, and
near the end, where most steps are taken, at distances from it that double.
"""

import contextlib
import os
import pathlib
import shutil
import sys
import threading

import recording as recordings

FAR, NEAR = 50_000_000, 1 << 16  # instructions between snapshots: at least, and near the end
MOST = 32  # snapshots at equal distances; when there are more, every other one is dropped
INTERVAL = 0.5  # seconds between two looks at the progress


def complete(recording):
    """Adds to the recording what its replays need. Until all is there, nothing of the recording is changed."""
    snapshots = recording.path("snapshots.new")
    try:
        recording.end = recordings.repeated(lambda: survey(recording, snapshots))
        os.replace(snapshots, recording.path("snapshots.qcow2"))
    finally:
        snapshots.unlink(missing_ok=True)
    recording.save()


def ready(recording):
    """The recording, when it can be replayed; RecordingError or EmulatorError if it cannot."""
    recording.check()
    if not recording.end:
        complete(recording)
    return recording


def survey(recording, snapshots):
    """Makes the file with the snapshots; returns the recording's end."""
    shutil.copyfile(recording.path("snapshots.qcow2"), snapshots)
    with recordings.start_replay(recording, "file:console.txt", snapshots) as replay, progress(replay):
        end, space = replay_all(replay)
    near = [NEAR << k for k in reversed(range(32)) if NEAR << k < min(space, end)]
    if near:
        with recordings.start_replay(recording, snapshots=snapshots) as replay:
            for distance in near:
                replay.seek(end - distance)
                replay.save()
    return end


def replay_all(replay):
    """Goes through the recording. Returns its end, before the last instruction, which may be the one that switches the
    machine off; and the distance between snapshots."""
    places, space = [], FAR
    while True:
        place = (places[-1] if places else 0) + space
        replay.run_to(place)
        if replay.position() < place:
            return max(0, replay.position() - 1), space
        replay.save()
        places.append(place)
        if len(places) == MOST:
            for dropped in places[::2]:
                replay.drop(dropped)
            places, space = places[1::2], 2 * space


@contextlib.contextmanager
def progress(replay):
    """Shows on a terminal, inside the block, how much of the log is replayed."""
    if not sys.stderr.isatty():
        yield
        return
    ended = threading.Event()

    def show():
        while not ended.wait(INTERVAL):
            print(f"\rreplaying the recording, to check it: {share_read(replay)} % ", end="", file=sys.stderr,
                  flush=True)
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)  # clears the line

    thread = threading.Thread(target=show)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def share_read(replay):
    """How many per cent of the log QEMU has read, as the host's kernel knows it."""
    log, process = replay.recording.path("events.log"), pathlib.Path("/proc", str(replay.process.pid))
    with contextlib.suppress(OSError, StopIteration, IndexError, ValueError):
        file = next(path for path in (process / "fd").iterdir() if path.resolve() == log)
        position = (process / "fdinfo" / file.name).read_text(encoding="ascii").split()[1]
        return 100 * int(position) // max(1, log.stat().st_size)
    return 0
