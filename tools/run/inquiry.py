"""Asks a kernel that reached its time limit where it is.

An NMI, sent through QEMU's monitor, also reaches a kernel that hangs with interrupts masked. The kernel reports its
registers and where each process is, and goes on (report_nmi() in arch/x86/fault/exception.cpp).
"""

import contextlib
import os
import select
import time

import qmp

END = b"end of the report of the non-maskable interrupt"  # the report's last line begins like this
LINE_REST = 64  # bytes of that line, at most, after the beginning
SECONDS = 4  # until an answer comes
ATTEMPTS = 2  # the first NMI may find a full stack: it ends that process


def where_is_it(socket, output, sink):
    """Sends an NMI to the machine whose monitor is at this socket, and carries its console, which is read from the file
    descriptor output, to sink(bytes). True when the whole report has arrived; False if none comes."""
    with contextlib.suppress(qmp.QmpError):
        monitor = qmp.Monitor(socket, seconds=SECONDS)
        for _ in range(ATTEMPTS):
            monitor.request("inject-nmi")
            if carry_report(output, sink):
                return True
    return False


def carry_report(output, sink):
    """Carries the console to sink(bytes) until the report's last line is whole. False if it does not come in time."""
    deadline = time.monotonic() + SECONDS
    tail = b""
    while b"\n" not in tail.partition(END)[2]:
        if not select.select([output], [], [], max(0.0, deadline - time.monotonic()))[0]:
            return False
        chunk = os.read(output, 65536)
        if not chunk:
            return False
        sink(chunk)
        tail = tail[-len(END) - LINE_REST:] + chunk
    return True
