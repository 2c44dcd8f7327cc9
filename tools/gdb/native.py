"""The kernel's own description of stacks, in gdb: kernel/unwind/stack_words.cpp, compiled for this machine and called
through ctypes.

So `kstack` in gdb and stackshow() in the kernel say the same, because they are the same code. It is compiled when it is
first used, or when a source has changed; that takes a few seconds.
"""

import ctypes
import glob
import os
import shutil
import subprocess

import gdb

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIBRARY = os.path.join(ROOT, "build", "gdb", "stack_library.so")
SOURCES = ["tools/gdb/stack_library.cpp", "kernel/text/*.cpp", "kernel/image/*.cpp", "kernel/unwind/*.cpp"]
FLAGS = "-std=c++20 -O1 -shared -fPIC -w".split()
# In the order of kernel/base/frame_columns.h.
REGISTERS = ("eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "eip")
# In the order of kernel/unwind/word_kind.hpp.
KINDS = "own argument return saved frame planted claimed second first magic unused unknown".split()

Word = ctypes.c_uint32
Reader = ctypes.CFUNCTYPE(Word, Word, ctypes.POINTER(Word))


class Process(ctypes.Structure):
    """Mirrors Process of stack_library.cpp."""

    _fields_ = [("kernel_tables", ctypes.c_void_p), ("program_tables", ctypes.c_void_p)] + \
        [(name, Word) for name in ("kernel_bytes program_bytes userret cbfreturn slot original running "
                                   "kernel_low kernel_end user_low user_end pid").split()] + \
        [("registers", Word * len(REGISTERS)), ("exact", Word), ("read", Reader)]


class ActiveFunction(ctypes.Structure):
    """Mirrors ActiveFunction of stack_library.cpp."""

    BROKEN = 2
    NONE, WAITS, NO_CODE, UNCLAIMED = range(4)  # ClaimedWord of kernel/unwind/word_roles.hpp
    _fields_ = [(name, Word) for name in "eip esp cfa return_slot exact interrupted no_call known next".split()] + \
        [("registers", Word * len(REGISTERS)), ("claimed", Word * 3), ("judged", Word * 3),
         ("name_bytes", ctypes.c_char * 64), ("place_bytes", ctypes.c_char * 96)]

    @property
    def name(self):
        return self.name_bytes.decode(errors="replace")

    @property
    def place(self):
        return self.place_bytes.decode(errors="replace") or f"{self.eip:#010x}"


class DescribedWord(ctypes.Structure):
    """Mirrors DescribedWord of stack_library.cpp."""

    _fields_ = [(name, Word) for name in ("address", "value", "kind")] + \
        [("role_text", ctypes.c_void_p), ("role_bytes", Word)]

    @property
    def role(self):
        return ctypes.string_at(self.role_text, self.role_bytes).decode(errors="replace")


def is_current():
    """Whether the library exists, and no source is newer."""
    try:
        made = os.path.getmtime(LIBRARY)
    except OSError:
        return False
    folders = (os.path.join(ROOT, "kernel"), os.path.join(ROOT, "tools", "gdb"))
    sources = (os.path.join(folder, name) for top in folders for folder, _, names in os.walk(top) for name in names)
    return all(os.path.getmtime(path) <= made for path in sources if path.endswith((".cpp", ".hpp", ".h")))


def build():
    """Compiles the library. Several sessions may do so at once: each writes a file of its own and renames it."""
    compiler = shutil.which("c++") or shutil.which("g++")
    if compiler is None:
        raise gdb.GdbError("this command needs a C++ compiler for this machine; `make debug` installs g++")
    os.makedirs(os.path.dirname(LIBRARY), exist_ok=True)
    output = f"{LIBRARY}.{os.getpid()}"
    command = [compiler, *FLAGS, "-I", ROOT, "-I", os.path.join(ROOT, "include"), "-o", output,
               *(path for pattern in SOURCES for path in sorted(glob.glob(os.path.join(ROOT, pattern))))]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise gdb.GdbError(f"cannot compile tools/gdb/stack_library.cpp: {error}") from None
    if done.returncode != 0:
        raise gdb.GdbError(f"cannot compile tools/gdb/stack_library.cpp:\n{done.stderr}")
    os.replace(output, LIBRARY)


_loaded = None


def library():
    """The library, compiled and loaded."""
    global _loaded
    if _loaded is None:
        if not is_current():
            build()
        _loaded = ctypes.CDLL(LIBRARY)
        for name in ("stack_words", "active_functions", "code_address"):
            getattr(_loaded, name).restype = ctypes.c_char_p
        theirs = _loaded.process_bytes(), _loaded.active_function_bytes(), _loaded.described_word_bytes()
        if theirs != tuple(map(ctypes.sizeof, (Process, ActiveFunction, DescribedWord))):
            raise gdb.GdbError("tools/gdb/native.py does not mirror the structs of stack_library.cpp")
    return _loaded


def section(path, name):
    """A section of an ELF file, as bytes; none if there is no such file or section."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return b""
    offset = Word()
    size = library().find_section(data, len(data), name.encode(), ctypes.byref(offset))
    return data[offset.value:offset.value + size]
