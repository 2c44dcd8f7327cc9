"""The project's gdb commands, such as `ps`; `help detour-commands` lists them.

`make debug` loads this file. By hand, in any gdb (13 or newer) with an image, connected to QEMU or not yet:

    (gdb) source tools/gdb/extension.py

Each module named below, next to this file, adds its commands. One that fails does not affect the others.
"""

import importlib
import os
import sys

import gdb

FOLDER = os.path.dirname(os.path.abspath(__file__))
MODULES = ("processes", "programs", "frames", "frame_names", "stack", "resuming", "explain", "detours", "restart",
           "calls", "seek", "wrote", "call_log", "process_view", "thread_breakpoints", "kstack", "timeline",
           "stack_window")


def load(name):
    """Adds the commands of a module, or says in one line why not."""
    try:
        importlib.import_module(name)
    except Exception as error:  # whatever it is, the session continues with the other commands
        gdb.write(f"tools/gdb/{name}.py cannot be used: {type(error).__name__}: {error}\n", gdb.STDERR)


if FOLDER not in sys.path:
    sys.path.insert(0, FOLDER)
for module in MODULES:
    if os.path.exists(os.path.join(FOLDER, module + ".py")):
        load(module)
