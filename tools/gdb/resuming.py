"""What is to be done before the commands that let the machine run: gdb calls the hooks of this file before them."""

import gdb

import threads
from kernel_data import WORD

FORWARD = ("advance", "continue", "finish", "next", "nexti", "step", "stepi", "until")
BACKWARD = tuple(f"reverse-{name}" for name in ("continue", "finish", "next", "nexti", "step", "stepi"))

checks = []  # functions of a command's name; each may refuse with a GdbError


class BeforeResuming(gdb.Command):
    """Called before a command that lets the machine run."""

    def __init__(self):
        super().__init__("before-resuming", gdb.COMMAND_OBSCURE)

    def invoke(self, name, _from_tty):
        for check in checks:
            check(name)


def to_the_cpu(name):
    """A process that is switched out executes nothing. The CPU's thread is the one that can run; but what steps through
    another one would lead the user astray."""
    pid = threads.selected_process()
    if pid is None:
        return
    if name not in ("continue", "reverse-continue"):
        resumes = int(gdb.selected_frame().pc()) & WORD
        raise gdb.GdbError(f"Process {pid} is switched out, and executes nothing. `tbreak *{resumes:#x} if $_running("
                           f"{pid})` and `continue` lead to where it goes on in this frame; `process` to what the CPU "
                           "executes.")
    threads.cpu().switch()


checks.append(to_the_cpu)
BeforeResuming()
for command in FORWARD + BACKWARD:
    gdb.execute(f"define hook-{command}\nbefore-resuming {command}\nend")
