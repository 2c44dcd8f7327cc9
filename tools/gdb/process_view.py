"""`process`: gdb's own frames of a process that is switched out, so that `up`, `info locals` and the like are about it.

No register is changed for that: an unwinder tells gdb that what the CPU executes was called from where the process is
switched out. The memory of a ring-3 process is another matter. gdb sees that of the address space that CR3 names; for
the time of one command it is made to name the other one.
"""

import contextlib

import gdb
from gdb.unwinder import Unwinder, register_unwinder

import kernel_data
import native
import programs
from command import Command
from frames import UNCHANGED, FrameId
from kernel_data import WORD, parse_pid, register
from stack import Stack, page_directory, running_pid

BELOW = 64  # bytes, so that gdb sees the process's frames as the outer ones


class View(Unwinder):
    """While it is open, the process's frames follow the CPU's current one."""

    def __init__(self):
        super().__init__("detour-process")
        self.cpu = self.registers = None  # (ESP, EIP) of the CPU's frame, and the registers of the process
        self.pid = None

    def open(self, stack):
        """To gdb, a caller has called: so the first frame is that of the caller of ctxsw."""
        functions = stack.functions(2)
        if len(functions) < 2 or functions[1].exact:
            raise gdb.GdbError(f"process {stack.pid} has not begun yet, or its stack is damaged: `kstack {stack.pid}`")
        registers = dict(zip(native.REGISTERS, functions[1].registers))
        self.close()
        self.cpu, self.registers, self.pid = (register("esp"), register("eip")), registers, stack.pid
        gdb.invalidate_cached_frames()

    def close(self, _event=None):
        if self.cpu is not None:
            self.cpu = None
            gdb.invalidate_cached_frames()

    def __call__(self, pending):
        if self.cpu is None or tuple(int(pending.read_register(name)) & WORD for name in ("esp", "eip")) != self.cpu:
            return None
        found = pending.create_unwind_info(FrameId(gdb.Value(self.registers["esp"] - BELOW & WORD),
                                                   gdb.Value(self.cpu[1])))
        for name, value in self.registers.items():
            found.add_saved_register(name, gdb.Value(value).cast(pending.read_register(name).type))
        for name in ("eflags", *UNCHANGED):
            found.add_saved_register(name, pending.read_register(name))
        return found


view = View()


@contextlib.contextmanager
def address_space(pid, directory):
    """gdb sees the memory of this process inside the block, and has the symbols of its program."""
    before, program = register("cr3"), programs.programs().get(kernel_data.program_name(pid))
    set_directory(directory)
    try:
        if program is not None:
            programs.loader.load(program)
        yield
    finally:
        set_directory(before)
        programs.loader.follow()


def set_directory(value):
    gdb.execute(f"set $cr3 = {value:#x}", to_string=True)
    gdb.execute("maintenance flush dcache", to_string=True)


@contextlib.contextmanager
def frames_of(stack):
    """gdb's frames of a process, innermost first, inside the block."""
    before, level = (view.cpu, view.registers, view.pid), gdb.selected_frame().level()
    directory = page_directory(stack.pid)
    elsewhere = not stack.running and directory not in (0, register("cr3"))
    with address_space(stack.pid, directory) if elsewhere else contextlib.nullcontext():
        try:
            view.close()
            if not stack.running:
                view.open(stack)
            yield older_frames(gdb.newest_frame() if stack.running else gdb.newest_frame().older())
        finally:
            view.close()
    view.cpu, view.registers, view.pid = before
    if view.cpu is not None or not stack.running:
        gdb.invalidate_cached_frames()
        select(level)


def older_frames(frame):
    while frame is not None:
        yield frame
        frame = frame.older()


def select(level):
    for frame in older_frames(gdb.newest_frame()):
        if frame.level() == level:
            frame.select()


def select_program():
    """Selects the innermost frame of the program, but for the library's stubs of system calls; or else its innermost
    one."""
    first = frame = gdb.newest_frame().older()
    while frame is not None and not (kernel_data.in_program(frame.pc()) and frame.language() != "asm"):
        frame = frame.older()
    (frame or first).select()


class Process(Command):
    """Look at a process that is switched out with gdb's own commands.

process PID           its frames follow that of the CPU, which stays frame 0. The one that is selected is the innermost
                      in the program; `up`, `down`, `info locals`, `print`, and `frame function main` are about it
process PID COMMAND   carry out one command there: `process 3 info locals`, `process 3 bt full`
process               back to what the CPU executes; so does letting the machine run

A ring-3 process has memory of its own, which gdb sees only while that process runs, or for the time of one command: use
the second form."""

    name = "process"
    group = gdb.COMMAND_STACK
    takes_expression = True

    def run(self, arguments):
        text, _, command = (arguments[0] if arguments else "").partition(" ")
        view.close()
        if not text:
            kernel_data.require_booted()
            return gdb.execute("frame 0", to_string=True)
        pid = parse_pid(text)
        if pid == running_pid():
            gdb.newest_frame().select()
            return self.look(pid, command)
        directory = page_directory(pid)
        if not directory or directory == register("cr3"):
            return self.open(pid, command)
        if not command:
            raise gdb.GdbError(f"process {pid} has memory of its own, which gdb sees for one command: `process {pid} "
                               f"bt`, `process {pid} info locals`")
        with address_space(pid, directory):
            return self.open(pid, command)

    def open(self, pid, command):
        view.open(Stack(pid))
        try:
            select_program()
            return self.look(pid, command)
        finally:
            if command:
                view.close()
                gdb.newest_frame().select()

    @staticmethod
    def look(pid, command):
        if command:
            return gdb.execute(command, to_string=True)
        return f"{Stack(pid).title()}\n" + gdb.execute("frame", to_string=True)


register_unwinder(None, view, replace=True)
gdb.events.cont.connect(view.close)
Process()
