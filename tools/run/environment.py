"""The environment variables that the tools pass on: those of a stranger's shell must not change what they print."""

import os

# What a build needs: where programs and files are, and which of the kernel's build trees CI uses.
KEPT = ("PATH", "HOME", "TMPDIR", "WERROR")


def clean(**settings):
    """An environment with these variables, the few of ours that a build needs, and no others."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return {**kept, "TERM": "dumb", "LANG": "C.UTF-8", **settings}


def for_gdb():
    """Ours, for gdb.

    C's stdout is unbuffered. Otherwise, when it is not a terminal, it is fully buffered, and what gdb writes comes
    after what the child of its `pipe` command and the kernel's console write later. gdb has no option for that; but its
    Python calls setvbuf() when PYTHONUNBUFFERED is set (CPython, Python/initconfig.c). Other Python settings are for
    another Python than gdb's. Messages are in English, because our commands read them; and no server is asked for
    symbols.
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**ours, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "DEBUGINFOD_URLS": ""}
