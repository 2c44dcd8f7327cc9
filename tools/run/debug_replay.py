"""make debug DETERMINISTIC=1: records the run, and runs gdb at the start of its replay.

QEMU's virtual time with sleep=off skips to the next timer whenever gdb stops the machine, and gdb stops it at each
breakpoint whose condition is false. A replay is exact, whatever gdb does; and it can go backwards.
"""

import pathlib
import sys
import tempfile

import emulator
import gdb_port
import record
import recording as recordings
import rewind
import survey
import thread_proxy

SECONDS = 10  # of real time: the bound of the recording without --timeout


def debug(options, gdb_arguments):
    """Returns gdb's exit code."""
    bounded = f"for at most {options.timeout or SECONDS:g} seconds" + ("" if options.timeout else " (TIMEOUT=seconds)")
    print(f"debug: the run is recorded first, to its end or Ctrl-A X, {bounded}; then gdb replays it", file=sys.stderr)
    options.timeout = options.timeout or SECONDS
    with tempfile.TemporaryDirectory(prefix="detour-") as folder:
        recording = record.begin(options, pathlib.Path(folder).resolve())
        record.record(recording, options)
        survey.complete(recording)
        if options.gdb:
            return serve(recording, options.gdb)
        return rewind.session(recording, gdb_arguments, at_end=False)


def serve(recording, port):
    """Replays for the gdb of an editor, until that ends."""
    with recordings.repeated(lambda: recordings.start_replay(recording, gdb=gdb_port.GdbPort())) as replay, \
            thread_proxy.ThreadProxy(recording.path("kernel.elf"), replay.gdb.number, port):
        replay.stop_at(recording.end)
        print(f"debug: waiting for gdb at 127.0.0.1:{port}", flush=True)
        replay.process.wait()
    return int(emulator.Outcome.POWERED_OFF)
