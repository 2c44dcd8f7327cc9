"""Stands between gdb and QEMU, and adds the kernel's processes to the threads that gdb sees.

QEMU knows one thread, its CPU, and that remains the one that executes, stops and steps. What gdb asks of another one is
answered here, from the process table; all other packets are passed on. gdb asks for the threads whenever the machine
has stopped, so it knows in which process that was.
"""

import contextlib
import re
import select
import socket
import threading

import gdb_packets
from process_threads import (CPU, ESP, FIRST_PROCESS, PAGE, ProcessTable, read_layout, switched_out_registers,
                             thread_list)

NO_MEMORY, NO_THREAD = b"E14", b"E03"  # the numbers are for people: gdb looks only at the E
SWITCHED_OUT = b"E.the process is switched out"  # gdb shows the text
ANY_THREAD = (b"0", b"-1")
STOPPED = (b"T", b"S")
READS = (b"g", b"m", b"p")  # QEMU answers each with one packet, and the same while the machine stands still
KEPT = 4096  # replies to them, at most: `dump memory` reads all there is
CHANGES_NOTHING = (*READS, b"H", b"T", b"Z", b"z", b"qXfer:")
# Features that gdb and QEMU are not told of each other: ids of more than one machine, and replies with binary memory.
DROPPED = re.compile(rb";?(?:multiprocess|binary-upload)\+")
OFFERED = b";qXfer:threads:read+;QStartNoAckMode+"
RESUMED_THREAD = re.compile(rb";[cCsS][0-9a-f]*:([0-9a-f]+)")


class Connection:
    """gdb and QEMU, from gdb's connecting to the end of either."""

    def __init__(self, gdb, qemu, layout):
        self.gdb, self.qemu = gdb_packets.PacketLink(gdb), gdb_packets.PacketLink(qemu)
        self.table = ProcessTable(layout, self.read) if layout else None
        self.selected = CPU  # the thread that gdb's next packets are about
        self.threads = b""  # the list that gdb is reading, in parts
        self.forget()

    def serve(self):
        """Returns when gdb or QEMU is gone."""
        sides = {self.gdb.socket: self.from_gdb, self.qemu.socket: self.from_qemu}
        with contextlib.suppress(EOFError, OSError):
            while True:
                for ready in select.select(list(sides), [], [])[0]:
                    sides[ready]()

    def from_gdb(self):
        for packet in self.gdb.receive():
            answer = self.answer(packet)
            if answer is None and packet.startswith(READS):
                answer = self.ask(packet)
            if answer is None:
                self.qemu.send(packet)
            else:
                self.gdb.send(answer)
            if not packet.startswith(CHANGES_NOTHING):
                self.forget()

    def from_qemu(self):
        for packet in self.qemu.receive():
            if packet.startswith(STOPPED):  # and gdb takes the thread that has stopped for the selected one
                self.selected = CPU
                self.forget()
            self.gdb.send(packet)

    def ask(self, packet):
        """QEMU's reply to one packet. The machine is stopped, and gdb waits for our answer meanwhile."""
        if packet not in self.replies:
            self.qemu.send(packet)
            replies = []
            while not replies:
                replies = self.qemu.receive()
            if not packet.startswith(READS):
                return replies[0]
            if len(self.replies) == KEPT:
                self.replies.clear()
            self.replies[packet] = replies[0]
        return self.replies[packet]

    def forget(self):
        """What was read of the machine holds no more."""
        self.replies, self.known = {}, None

    # ---- what is answered here ----

    def answer(self, packet):
        """The answer to a packet of gdb; None if QEMU has to answer."""
        if packet.startswith(b"qSupported"):
            return DROPPED.sub(b"", self.ask(DROPPED.sub(b"", packet))) + OFFERED
        if packet == b"QStartNoAckMode":
            self.gdb.acknowledges = False
            return b"OK"
        if packet.startswith(b"qXfer:threads:read::"):
            return self.part_of_list(*hexadecimal(packet.rpartition(b":")[2]))
        if packet.startswith(b"T"):
            thread = int(packet[1:], 16)
            return b"OK" if thread == CPU or self.switched_out(thread) else NO_THREAD
        if packet.startswith(b"Hg"):
            self.selected = CPU if packet[2:] in ANY_THREAD else int(packet[2:], 16)
            return b"OK"
        if packet.startswith(b"Hc"):  # QEMU has nothing to choose from
            return b"OK"
        if packet.startswith(b"vCont;"):
            others = [thread for thread in RESUMED_THREAD.findall(packet) if int(thread, 16) != CPU]
            return SWITCHED_OUT if others else None
        if packet.startswith(b"X"):  # binary data: not supported, so gdb uses M
            return b""
        return self.answer_for_process(packet) if self.selected != CPU else None

    def part_of_list(self, offset, length):
        if offset == 0:
            self.threads = thread_list(self.processes()).encode()
        last = offset + length >= len(self.threads)
        return (b"l" if last else b"m") + self.threads[offset:offset + length]

    def answer_for_process(self, packet):
        """Registers and memory of a process that is switched out; None if the packet is about something else."""
        if packet == b"g" or packet[:1] in b"mM" and b"," in packet:
            process = self.switched_out(self.selected)
            if process is None:
                return NO_THREAD
            return self.registers(process) if packet == b"g" else self.access(process.pid, packet)
        return SWITCHED_OUT if packet.startswith((b"G", b"P")) else None  # ctxsw will take them from its stack

    def registers(self, process):
        try:
            user = self.table.user_registers(process.pid)
        except LookupError:
            user = {}
        return switched_out_registers(self.ask(b"g"), process, self.table.layout["resumption"], user)

    def access(self, pid, packet):
        """Reads or writes memory as a process sees it, page by page; a read ends where its memory ends."""
        kind, (place, _, data) = packet[:1], packet[1:].partition(b":")
        address, count = hexadecimal(place)
        done = b""
        while count > 0:
            size = min(count, PAGE - address % PAGE)
            try:
                request = b"%b%x,%x" % (kind, self.table.physical(pid, address), size)
            except LookupError:
                return done or NO_MEMORY
            reply = self.ask(request + (b":" + data[:2 * size] if kind == b"M" else b""))
            if reply.startswith(b"E"):
                return done or reply
            done = done + reply if kind == b"m" else reply
            address, count, data = address + size, count - size, data[2 * size:]
        return done

    # ---- the processes ----

    def processes(self):
        """All Processes; none before there is a process table, or if it cannot be read."""
        if self.known is None:
            try:
                self.known = self.table.processes(self.cpu_esp()) if self.table else []
            except LookupError:
                self.known = []
        return self.known

    def switched_out(self, thread):
        """The Process of a thread's number; None if there is no such process, or the CPU executes it."""
        return next((process for process in self.processes()
                     if process.pid == thread - FIRST_PROCESS and not process.running), None)

    def cpu_esp(self):
        return int.from_bytes(bytes.fromhex(self.ask(b"g")[8 * ESP:8 * ESP + 8].decode()), "little")

    def read(self, address, count):
        reply = self.ask(b"m%x,%x" % (address, count))
        return b"" if reply.startswith(b"E") else bytes.fromhex(reply.decode())


def hexadecimal(pair):
    """The numbers of `ADDRESS,COUNT`."""
    return (int(part, 16) for part in pair.split(b","))


class ThreadProxy(contextlib.AbstractContextManager):
    """Listens for gdb at a port of its own inside the block, and connects to QEMU whenever gdb connects."""

    def __init__(self, image, qemu_port, port=0):
        self.image, self.qemu_port = image, qemu_port
        self.listening = socket.create_server(("127.0.0.1", port), backlog=1)
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def __exit__(self, *exception):
        self.listening.shutdown(socket.SHUT_RDWR)  # ends accept()
        self.listening.close()

    def serve(self):
        layout = read_layout(self.image)
        with contextlib.suppress(OSError):  # there is no more to listen to, or to connect to
            while True:
                gdb, _ = self.listening.accept()
                with gdb, socket.create_connection(("127.0.0.1", self.qemu_port)) as qemu:
                    Connection(gdb, qemu, layout).serve()
