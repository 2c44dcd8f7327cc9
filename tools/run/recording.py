"""Recordings of runs, made by tools/run/record.py and replayed by tools/run/rewind.py.

A recording is a folder build/recordings/NUMBER-NAME with all that its replay needs, so that later builds do not matter.
The number is the recording's own, and the last KEPT recordings of a program are kept.

    kernel.elf      the image; kernel.programs and user/: the symbols of its ring-3 programs
    sources/        the sources of the kernel and the program
    events.log      what came to the machine from outside, and after how many instructions: written by QEMU
    snapshots.qcow2 the state of the machine at the start, and of long recordings also on the way
    console.txt     what the kernel has written
    recording.json  the fields of Recording; written when the run is over, and again when it was replayed once
                    (tools/run/survey.py); without it the folder is no recording
"""

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile

import emulator
import qmp

FOLDER = pathlib.Path(os.environ.get("DETOUR_RECORDINGS") or
                      pathlib.Path(__file__).resolve().parents[2] / "build" / "recordings").resolve()
FILES = ("kernel.elf", "events.log", "snapshots.qcow2")
KEPT = 5  # recordings of one program in one ring
SNAPSHOT = "start"
ATTEMPTS = 3  # a replay may hang at its start


class RecordingError(Exception):
    """There is no recording, or it cannot be used; the text is one line for the user."""


@dataclasses.dataclass
class Recording:
    app: str  # path of the program, or of an image that was not built by `make`
    ring: str  # 0 or 3
    memory: int  # MiB
    clock: str  # a key of emulator.CLOCKS
    seed: int
    limit_msec: int  # 0: none
    emulator: str  # version of QEMU
    ended: str  # how the run ended
    seconds: float  # how long it took
    sources: list = dataclasses.field(default_factory=list)  # the folders of which there are copies
    end: int = 0  # number of instructions executed; 0: not yet known
    checksums: dict = dataclasses.field(default_factory=dict)  # of FILES
    folder: pathlib.Path = None  # not in the file

    def path(self, name):
        return self.folder / name

    def machine(self, mode, **settings):
        """The machine to record on or to replay: that of tools/run/run.py, and what QEMU records to or replays from."""
        replay = f",rr={mode},rrfile=events.log,rrsnapshot={SNAPSHOT}"
        extra = ("-drive", "file=snapshots.qcow2,if=none,id=snapshots", *settings.pop("extra", ()))
        links = {name: str(self.path(name)) for name in ("events.log", "snapshots.qcow2")}
        machine = emulator.Machine(str(self.path("kernel.elf")), self.memory, self.clock, seed=self.seed,
                                   limit=self.limit_msec,
                                   links=links, replay=replay, extra=extra)
        return dataclasses.replace(machine, **settings)

    def limit(self):
        """Seconds after which a replay that has not ended counts as hung."""
        return 30 + 4 * self.seconds

    def save(self):
        self.checksums = {name: checksum(self.path(name)) for name in FILES}
        fields = {name: value for name, value in vars(self).items() if name != "folder"}
        self.path("recording.json").write_text(json.dumps(fields, indent=2) + "\n", encoding="utf-8")

    def check(self):
        """Raises RecordingError unless the recording is whole and fits this QEMU."""
        for name in FILES if self.end else ("kernel.elf", "events.log"):
            if not self.path(name).is_file() or checksum(self.path(name)) != self.checksums.get(name):
                raise RecordingError(f"{self.path(name)} is not the file that was recorded; record again "
                                     "with `make record`")
        if self.emulator != version():
            raise RecordingError(f"{shown(self.folder)} was recorded by QEMU {self.emulator}, and this is {version()}; "
                                 "record again with `make record`")


def checksum(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def shown(path):
    """A path as the user should see it."""
    return os.path.relpath(path)


def version():
    """The version of QEMU, as it reports itself."""
    try:
        done = subprocess.run([emulator.QEMU, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True,
                              check=False)
    except OSError:
        raise emulator.EmulatorError(f"{emulator.QEMU} is not installed; 'make doctor' tells what is missing") from None
    text = done.stdout.partition("version ")[2].split("\n")[0].strip()
    if int(re.match(r"\d*", text)[0] or 0) < emulator.OLDEST_QEMU:
        raise emulator.EmulatorError(f"{emulator.QEMU} {text} cannot go backwards; install version "
                                     f"{emulator.OLDEST_QEMU} or newer")
    return text


def ring(image):
    """The ring in which the program of this image runs, 0 or 3."""
    return "3" if pathlib.Path(image).resolve().parent.name == "ring3" else "0"


def name(image):
    """The name of the recordings of this image."""
    return pathlib.Path(image).stem + ("-ring3" if ring(image) == "3" else "")


def load(folder):
    """The recording in this folder; None if there is none."""
    try:
        fields = json.loads((folder / "recording.json").read_text(encoding="utf-8"))
        return Recording(**fields, folder=folder)
    except (OSError, ValueError, TypeError):
        return None


def numbered():
    """The folders of recordings by their numbers, the newest first."""
    folders = ((path.name.partition("-")[0], path) for path in FOLDER.glob("*-*"))
    return dict(sorted(((int(number), path) for number, path in folders if number.isdigit()), reverse=True))


def with_number(number):
    """The recording of this number; raises RecordingError if there is none."""
    folders = numbered()
    recording = number in folders and load(folders[number])
    if not recording:
        here = ", ".join(str(number) for number, path in folders.items() if load(path)) or \
            "none; make one with `make record`"
        raise RecordingError(f"there is no recording {number}; there are: {here}")
    return recording


def newest(app=None, ring=None):
    """The newest recording, or the newest of this program; raises RecordingError if there is none."""
    for recording in filter(None, map(load, numbered().values())):
        if (not app or os.path.realpath(app) == recording.app) and (ring is None or ring == recording.ring):
            return recording
    of_app = f" of APP={app}" if app else ""
    call = " ".join(["make record", *([f"APP={app}"] if app else []), *(["RING=3"] if ring == "3" else [])])
    raise RecordingError(f"there is no recording{of_app}{' in ring 3' if ring == '3' else ''}; make one with `{call}`")


def new_folder(image):
    """An empty folder for a recording of this image, with the next number."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = FOLDER / f"{max(numbered(), default=0) + 1}-{name(image)}"
        folder.mkdir()
    return folder


def drop_old(folder):
    """Deletes what is older than the last recordings of the program of this one."""
    same = [path for path in numbered().values() if path.name.partition("-")[2] == folder.name.partition("-")[2]]
    for path in same[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


def copy_image(image, folder):
    """Begins a recording: copies the image, and the ring-3 programs that the build lists beside it, into its folder."""
    shutil.copyfile(image, folder / "kernel.elf")
    listed = pathlib.Path(image).with_suffix(".programs")
    if not listed.exists():
        return
    (folder / "user").mkdir()
    lines = []
    for line in listed.read_text(encoding="utf-8").splitlines():
        mark, name, elf = line.split(" ", 2)
        copy = folder / "user" / f"{name}.elf"
        for suffix in (".elf", ".embedded"):
            shutil.copyfile(pathlib.Path(elf).with_suffix(suffix), copy.with_suffix(suffix))
        lines.append(f"{mark} {name} {copy}\n")
    (folder / "kernel.programs").write_text("".join(lines), encoding="utf-8")


def mend_log(path):
    """Removes the kernel's request to end QEMU from the log; the machine makes it again in each replay, anyway.

    QEMU writes this event before the count of the instructions that led to it. A replay would obey before it has
    executed them, or after, at random. The log then ends like this: the event, an event 0 with the number of
    instructions in four bytes, the event of QEMU's own end, the end of the log. The causes of two shutdowns differ by
    their places in QEMU's list of causes: guest-shutdown comes two behind host-signal.
    """
    log = path.read_bytes()
    if len(log) > 8 and log[-8] == log[-2] + 2 and log[-7] == 0:
        path.write_bytes(log[:-8] + log[-7:])


class Replay(contextlib.AbstractContextManager):
    """A machine that replays a recording, stopped; QEMU ends with the block. Raises EmulatorError when QEMU
    hangs or ends."""

    def __init__(self, recording, gdb, resources, process, messages, monitor):
        self.recording, self.gdb, self.resources = recording, gdb, resources
        self.process, self.messages, self.monitor = process, messages, monitor

    def __exit__(self, *exception):
        self.close()

    def close(self):
        self.resources.close()

    def position(self):
        """The number of instructions executed."""
        with failures(self.process, self.messages):
            return self.monitor.request("query-replay")["icount"]

    def stop_at(self, icount):
        """Makes the machine stop when it reaches this position."""
        with failures(self.process, self.messages):
            self.monitor.request("replay-break", icount=icount)

    def run_to(self, icount):
        """Continues to this position, or to the end of the recording if that comes first."""
        self.stop_at(icount)
        with failures(self.process, self.messages):
            self.monitor.let_run("cont", self.recording.limit())

    def seek(self, icount):
        """Goes to this position, from the last snapshot before it."""
        with failures(self.process, self.messages):
            self.monitor.let_run("replay-seek", self.recording.limit(), icount=icount)

    def save(self):
        """Makes a snapshot here."""
        self.snapshot(f"savevm at-{self.position()}")

    def drop(self, icount):
        """Deletes the snapshot of this position."""
        self.snapshot(f"delvm at-{icount}")

    def snapshot(self, command):
        with failures(self.process, self.messages):
            answer = self.monitor.request("human-monitor-command", **{"command-line": command})
        if answer.strip():
            raise emulator.EmulatorError(f"`{command}` fails: {answer.strip()}")


@contextlib.contextmanager
def failures(process, messages):
    """Turns a QmpError into an EmulatorError: QEMU's own last words, if it has ended."""
    try:
        yield
    except qmp.QmpError as error:
        with contextlib.suppress(subprocess.TimeoutExpired):
            raise emulator.start_failure(process.wait(1), messages) from None
        raise emulator.EmulatorError(f"the replay hangs: {error}") from None


def start_replay(recording, console="null", snapshots=None, gdb=None):
    """A Replay, with snapshots in this file; without, QEMU has a copy of the recording's, so that several can
    replay. gdb: the GdbPort where it waits, if any."""
    with contextlib.ExitStack() as stack:
        ours, theirs = (stack.enter_context(end) for end in socket.socketpair())
        extra = (*qmp.arguments(theirs.fileno()), "-S")
        machine = recording.machine("replay", extra=extra, console=console, gdb=gdb, ends_emulator=False)
        machine.links["console.txt"] = str(recording.path("console.txt"))
        if not snapshots:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="detour-"))
            snapshots = shutil.copy(recording.path("snapshots.qcow2"), folder)
        machine.links["snapshots.qcow2"] = str(snapshots)
        process, messages = stack.enter_context(emulator.emulator(
            machine, stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),), start_new_session=True))
        theirs.close()
        with failures(process, messages):
            monitor = qmp.Monitor(ours)
        return Replay(recording, gdb, stack.pop_all(), process, messages, monitor)


def repeated(work):
    """The result of work(), which is tried again when the emulator fails."""
    for _ in range(ATTEMPTS - 1):
        with contextlib.suppress(emulator.EmulatorError):
            return work()
    return work()
