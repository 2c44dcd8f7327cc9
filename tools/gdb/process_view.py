"""`process`: gdb's own frames of a process, so that `up`, `info locals` and the like are about it.

A process that is switched out is a thread of gdb, which is selected; its memory is that of its own address space. The
one that runs is what the CPU's thread executes.
"""

import contextlib

import gdb

import kernel_data
import programs
import threads
from command import Command
from kernel_data import name_of, parse_pid
from stack import Stack, running_pid


def thread_of(stack):
    """The thread of a process; a GdbError if it has no frames to look at."""
    if stack.running or stack.pid == running_pid():
        return threads.cpu()
    functions = stack.functions(2)
    if len(functions) < 2 or functions[1].exact:
        raise gdb.GdbError(f"process {stack.pid} has not begun yet, or its stack is damaged: `kstack {stack.pid}`")
    return threads.of_process(stack.pid)


@contextlib.contextmanager
def frames_of(stack):
    """gdb's frames of a process, innermost first, inside the block."""
    with threads.selected(thread_of(stack)):
        programs.loader.follow()
        yield older_frames(gdb.newest_frame())
    programs.loader.follow()


def older_frames(frame):
    while frame is not None:
        yield frame
        frame = frame.older()


def select_program():
    """Selects the innermost frame of the program, but for the library's stubs of system calls; or else the caller of
    ctxsw."""
    for frame in older_frames(gdb.newest_frame()):
        if kernel_data.in_program(frame.pc()) and frame.language() != "asm":
            return frame.select()
    return (gdb.newest_frame().older() or gdb.newest_frame()).select()


def selected_pid():
    """The process that the user looks at: that of the selected thread, or what the CPU executes."""
    pid = threads.selected_process()
    return running_pid() if pid is None else pid


class Process(Command):
    """Look at a process that is switched out with gdb's own commands.

process PID           select its thread, and the innermost frame that is in the program; `up`, `down`, `info locals`,
                      `print`, and `frame function main` are about it then
process PID COMMAND   carry out one command there: `process 3 info locals`, `process 3 bt full`
process               back to what the CPU executes; so does letting the machine run

`info threads` lists all processes; `thread apply all bt` prints their backtraces."""

    name = "process"
    group = gdb.COMMAND_STACK
    takes_expression = True

    def run(self, arguments):
        text, _, command = (arguments[0] if arguments else "").partition(" ")
        kernel_data.require_booted()
        if not text:
            self.select(threads.cpu())
            return gdb.execute("frame 0", to_string=True)
        stack = Stack(parse_pid(text))
        thread = thread_of(stack)
        if command:
            with threads.selected(thread):
                self.select(thread)
                answer = gdb.execute(command, to_string=True)
            programs.loader.follow()
            return answer
        self.select(thread)
        return f"{self.title(stack)}\n" + gdb.execute("frame", to_string=True)

    @staticmethod
    def title(stack):
        if threads.selected_process() is None and not stack.running:  # a double fault has a stack of its own
            return f"process {stack.pid} ({name_of(stack.entry)}) is current, but ESP lies on no process's stack"
        return stack.title()

    @staticmethod
    def select(thread):
        thread.switch()
        programs.loader.follow()
        if thread.ptid[1] != threads.CPU:
            select_program()


Process()
