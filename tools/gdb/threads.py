"""Processes as threads of gdb. tools/run/thread_proxy.py, between gdb and QEMU, offers them: thread 1 is the CPU, with
the process that it executes; each of the others is a process that is switched out."""

import contextlib

import gdb

CPU = 1  # QEMU's number of its processor
FIRST_PROCESS = 1000  # the number of a process's thread is this and its id; as in tools/run/process_threads.py


def cpu():
    """gdb's thread for the CPU."""
    return next(thread for thread in gdb.selected_inferior().threads() if thread.ptid[1] == CPU)


def selected_process():
    """The process whose thread is selected; None if that is the CPU, or there is no machine."""
    thread = gdb.selected_thread()
    return thread.ptid[1] - FIRST_PROCESS if thread is not None and thread.ptid[1] != CPU else None


def of_process(pid):
    """The thread of a process that is switched out; a GdbError if gdb has none."""
    gdb.execute("info threads", to_string=True)  # gdb then asks for them
    for thread in gdb.selected_inferior().threads():
        if thread.ptid[1] == FIRST_PROCESS + pid:
            return thread
    raise gdb.GdbError(f"gdb has no thread for process {pid}: it is connected to QEMU itself, and not as `make debug` "
                       "and `make rewind` connect it; or `prcount` is damaged")


@contextlib.contextmanager
def selected(thread):
    """This thread is the selected one inside the block; afterwards, the thread and frame that were."""
    before, level = gdb.selected_thread(), gdb.selected_frame().level()
    thread.switch()
    try:
        yield
    finally:
        if before.is_valid():
            before.switch()
            select_frame(level)


def select_frame(level):
    frame = gdb.newest_frame()
    while frame is not None and frame.level() < level:
        frame = frame.older()
    if frame is not None:
        frame.select()


@contextlib.contextmanager
def cpu_selected():
    """The CPU's thread is the selected one inside the block."""
    with contextlib.nullcontext() if selected_process() is None else selected(cpu()):
        yield
