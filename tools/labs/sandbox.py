"""Runs what hand-ins bring along, the compiler on their files and QEMU on their kernels, with few rights.

The programs of util-linux do it: no network and processes of its own (unshare), another user (setpriv, as root only),
limits of time, memory, files and processes (prlimit). What a machine cannot offer is left out; protections() tells what
there is, and the results say so.
"""

import contextlib
import functools
import os
import pathlib
import shutil
import subprocess
import threading

from lab import LabError

FIRST_USER = 61000  # one a job: those of two jobs cannot touch each other's files
MIB = 1024 * 1024
# Of one process: CPU seconds, bytes of memory and of a file; of a user: processes.
COMPILER = {"cpu": 60, "as": 1536 * MIB, "fsize": 64 * MIB, "nproc": 128, "core": 0}
EMULATOR = {"cpu": 120, "as": 4096 * MIB, "fsize": MIB, "nproc": 128, "core": 0}
SECONDS = 180  # for the build of a hand-in
MOST_OUTPUT = 20000  # characters of the compiler's messages that are kept


@functools.cache
def isolation():
    """The options of unshare that work here."""
    for user in (), ("--user", "--map-current-user"):  # the second without root, or in a container
        options = (*user, "--net", "--ipc", "--pid", "--fork", "--kill-child")
        if shutil.which("unshare") and succeeds(["unshare", *options, "true"]):
            return options
    return ()


def succeeds(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def limited(limits):
    """The command that sets these limits."""
    if not shutil.which("prlimit"):
        return ()
    # As root, RLIMIT_NPROC has no effect; for a user who also does other work it would count that.
    own = os.geteuid() == 0
    return ("prlimit", *(f"--{name}={value}" for name, value in limits.items() if name != "nproc" or own), "--")


class Sandbox:
    """For the work in one tree. user: the number of another user, or None."""

    def __init__(self, tree, job=0):
        self.tree = pathlib.Path(tree)
        self.user = None
        if os.geteuid() == 0 and shutil.which("setpriv"):
            self.user = FIRST_USER + job
            if not self.reaches():
                self.user = None

    def reaches(self):
        """Whether that user can read the tree: it may lie in a folder that only its owner may enter."""
        return succeeds([*self.command({}), "test", "-r", str(self.tree / "CMakeLists.txt")])

    def command(self, limits):
        """What goes before a command."""
        unshare = ("unshare", *isolation(), "--") if isolation() else ()
        user = ("setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups", "--no-new-privs", "--") \
            if self.user else ()
        return (*unshare, *user, *limited(limits))

    def own(self, folder):
        """Gives the folder, and all in it, to that user."""
        if self.user:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.user, self.user, follow_symlinks=False)

    def protections(self):
        """What there is, for the results."""
        found = ["no network", "own processes"] if isolation() else []
        return found + (["own user"] if self.user else []) + (["limits"] if limited({}) else [])

    def compile(self, command, seconds=None):
        """Runs the command in the tree, for SECONDS at most: (whether it succeeded, its messages)."""
        seconds = seconds or SECONDS
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.tree), "LANG": "C.UTF-8", "TERM": "dumb",
                       "TMPDIR": str(self.tree / "build" / "tmp")}
        with subprocess.Popen([*self.command(COMPILER), *command], cwd=self.tree, env=environment,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              start_new_session=True) as process:
            try:
                output = read_capped(process, seconds)
            except subprocess.TimeoutExpired:
                output = f"the build did not end within {seconds} seconds\n"
            finally:
                end_group(process)
        return process.returncode == 0, output


def end_group(process):
    """Ends the command and, should it have any, what it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    process.wait()


def read_capped(process, seconds):
    """The beginning of what the process prints; the rest is thrown away. Waits for its end."""
    kept = bytearray()

    def read():
        for chunk in iter(lambda: process.stdout.read1(65536), b""):
            kept.extend(chunk[:max(0, MOST_OUTPUT - len(kept))])

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    process.wait(seconds)
    reader.join(5)
    return kept.decode(errors="replace")


def require():
    """Complains where nothing at all protects the host."""
    if not isolation() and not limited({}):
        raise LabError("neither unshare nor prlimit works here: hand-ins would run without any protection; install "
                       "util-linux")
