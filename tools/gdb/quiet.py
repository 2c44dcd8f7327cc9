"""Silence while gdb goes through stops that mean nothing to the user.

gdb (13) captures no stop in execute(..., to_string=True), and its `suppress-cli-notifications` leaves `Program received
signal SIGTRAP` there. So gdb's standard output itself is discarded meanwhile. Its windows would keep such lines to show
them later: they are off meanwhile.
"""

import contextlib
import os

import gdb

kept = None  # a copy of the standard output, while that is discarded
windows = False  # gdb has windows, which are off while the output is


def has_windows():
    try:
        return "not active" not in gdb.execute("info win", to_string=True)
    except gdb.error:  # a gdb without any
        return False


def begin():
    global kept, windows
    gdb.flush()
    windows = has_windows()
    kept = os.dup(1)
    os.set_inheritable(kept, False)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    if windows:
        gdb.execute("tui disable")


def end():
    """Restores gdb's output, if it is off."""
    global kept
    if kept is None:
        return
    gdb.flush()
    os.dup2(kept, 1)
    os.close(kept)
    kept = None
    if windows:
        gdb.execute("tui enable")


@contextlib.contextmanager
def quiet():
    """Nothing is printed inside the block, unless end() is called there."""
    if kept is not None:
        yield
        return
    begin()
    gdb.execute("set suppress-cli-notifications on")
    try:
        yield
    finally:
        gdb.execute("set suppress-cli-notifications off")
        end()
