"""Counts the instructions of a run: loads count_plugin/ into QEMU, and reads its reports.

The plugin is compiled for this machine when it is first used, or when its source or QEMU has changed.
"""

import collections
import contextlib
import glob
import os
import shutil
import subprocess
import tempfile

import emulator

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOURCES = os.path.join(ROOT, "tools", "run", "count_plugin", "*.[ch]pp")
FLAGS = "-std=c++20 -O2 -shared -fPIC -fvisibility=hidden -w".split()
OLDEST_QEMU, NEW_INTERFACE = 7, 9  # from 9 on, QEMU refuses plugins for version 1 of the interface


def plugin():
    """The path of the compiled plugin. Several runs may compile it at once: each renames a file of its own."""
    version = emulator.qemu_version()
    if version < OLDEST_QEMU:
        raise emulator.EmulatorError(f"counting needs {emulator.QEMU} {OLDEST_QEMU} or newer, built with plugins")
    interface = 1 if version < NEW_INTERFACE else 2
    library = os.path.join(ROOT, "build", "run", f"count_plugin-{interface}.so")
    sources = glob.glob(SOURCES)
    newest = max(os.stat(source).st_mtime_ns for source in sources)
    if os.path.exists(library) and os.stat(library).st_mtime_ns == newest:
        return library
    compiler = shutil.which("c++") or shutil.which("g++")
    if compiler is None:
        raise emulator.EmulatorError("counting instructions needs a C++ compiler for this machine; install g++")
    os.makedirs(os.path.dirname(library), exist_ok=True)
    output = f"{library}.{os.getpid()}"
    done = subprocess.run([compiler, *FLAGS, f"-DPLUGIN_VERSION={interface}", "-o", output,
                           *(source for source in sources if source.endswith(".cpp"))], check=False,
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise emulator.EmulatorError(f"cannot compile tools/run/count_plugin: {done.stderr.splitlines()[0]}")
    os.utime(output, ns=(newest, newest))  # not that of its end: a source may have changed meanwhile
    os.replace(output, library)
    return library


@contextlib.contextmanager
def report_of(machine, image, **arguments):
    """Makes the machine write a report of the plugin; yields the file's path, to be read when the machine has ended."""
    with tempfile.NamedTemporaryFile(prefix="detour-count-") as file:
        settings = {"out": file.name, "from": f"{image.entry:x}", **arguments}
        machine.extra = (*machine.extra, "-plugin",
                         ",".join([plugin(), *(f"{name}={value}" for name, value in settings.items())]))
        yield file.name


def counted(path):
    """A report of the whole run: {address: count}."""
    counts = collections.Counter()
    with open(path, encoding="ascii") as report:
        for line in report:
            address, count = line.split()
            counts[int(address, 16)] += int(count)
    return counts


def grouped(path):
    """A report of paths or stretches: a list of (words of the first line, [(address, count)])."""
    groups = []
    with open(path, encoding="ascii") as report:
        for line in report:
            words = line.split()
            if words[0] in ("path", "stretch"):
                groups.append((words[1:], []))
            else:
                groups[-1][1].append((int(words[0], 16), int(words[1]) if len(words) > 1 else 1))
    return groups


def summed(counts, place):
    """Counts by place(address), in the order of the first occurrence."""
    result = collections.Counter()
    for address, count in counts:
        result[place(address)] += count
    return result
