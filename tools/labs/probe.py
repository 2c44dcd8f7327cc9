"""A machine that is stopped, stepped and looked into, to find out what is true of a student's own kernel.

It speaks the remote protocol of gdb (https://sourceware.org/gdb/current/onlinedocs/gdb.html/Remote-Protocol.html) with
QEMU, over a socket that QEMU inherits: so it works in a sandbox without network, and reads no file of the student's.
While an instruction is stepped, QEMU delivers no interrupt, so that counts are exact.
"""

import contextlib
import os
import socket
import struct
import subprocess
import tempfile

import boot

REGISTERS = "eax ecx edx ebx esp ebp esi edi eip eflags cs ss ds es fs gs fs_base gs_base k_gs_base cr0 cr2".split()
MOST_STOPS = 20000  # of a machine: what needs more is no answer, but a kernel that runs wild


class ProbeError(Exception):
    """The machine does not come where it is to stop; the text is one line for the student."""


class Stuck(ProbeError):
    """It is no fault of the kernel's: the host is too slow, or the emulator hangs."""


class Probe:
    """The machine behind this socket, which stands before its first instruction."""

    def __init__(self, connection, limit):
        self.connection, self.limit = connection, limit
        self.received, self.stops = b"", 0
        self.request("?")  # so that it knows us

    def byte(self):
        if not self.received:
            try:
                self.received = self.connection.recv(65536)
            except TimeoutError:
                raise Stuck("the machine did not come to its end within a minute of real time") from None
            except OSError:
                self.received = b""
            if not self.received:
                raise ProbeError(f"the machine ended, or reached msec {self.limit} of its time, before it came there")
        first, self.received = self.received[:1], self.received[1:]
        return first

    def request(self, text):
        """Sends a packet; returns the reply."""
        content = text.encode()
        with contextlib.suppress(OSError):  # if it has ended, the reply does not come
            self.connection.sendall(b"$%s#%02x" % (content, sum(content) & 255))
        while self.byte() != b"$":
            pass
        reply = b"".join(iter(self.byte, b"#"))
        for _ in range(2):
            self.byte()  # the checksum; a socket loses nothing
        with contextlib.suppress(OSError):
            self.connection.sendall(b"+")
        return reply.decode("latin-1")

    def registers(self):
        words = struct.unpack_from(f"<{len(REGISTERS)}I", bytes.fromhex(self.request("g")[:8 * len(REGISTERS)]))
        return dict(zip(REGISTERS, words))

    def words(self, address, count):
        """Words of memory; ProbeError where there is none."""
        reply = self.request(f"m{address:x},{4 * count:x}")
        if len(reply) != 8 * count:
            raise ProbeError(f"there is no memory at {address:#x}")
        return struct.unpack(f"<{count}I", bytes.fromhex(reply))

    def word(self, address):
        return self.words(address, 1)[0]

    def write(self, address, word):
        if self.request(f"M{address:x},4:{struct.pack('<I', word).hex()}") != "OK":
            raise ProbeError(f"there is no memory at {address:#x}")

    def resume(self, kind):
        """Lets the machine go on until it stops again: c, or s for one instruction."""
        self.stops += 1
        if self.stops > MOST_STOPS:
            raise ProbeError(f"it did not come there within {MOST_STOPS} stops and steps")
        reply = self.request(kind)
        if reply[:1] not in ("T", "S"):
            raise ProbeError(f"the machine ended, or reached msec {self.limit} of its time, before it came there")

    def step(self):
        self.resume("s")

    def run_to(self, *addresses):
        """Lets the machine run until one of these instructions is next, again if one is; returns its address."""
        self.step()  # QEMU stops at once where a breakpoint is
        for address in addresses:
            self.request(f"Z0,{address:x},1")
        self.resume("c")
        for address in addresses:
            self.request(f"z0,{address:x},1")
        return self.registers()["eip"]

    def steps(self):
        """Executes instruction by instruction; yields the registers before each."""
        while True:
            yield self.registers()
            self.step()


@contextlib.contextmanager
def machine(content, limit, wrapper=()):
    """A Probe of a machine with the image of this content, which ends with the block."""
    ours, theirs = socket.socketpair()
    with tempfile.NamedTemporaryFile(prefix="detour-lab-", suffix=".elf") as image, ours, theirs:
        os.fchmod(image.fileno(), 0o644)
        image.write(content)
        image.flush()
        stub = ("-S", "-chardev", f"socket,id=stub,fd={theirs.fileno()}", "-gdb", "chardev:stub")
        description = boot.emulator.Machine(image.name, memory=boot.MEMORY, clock="deterministic", limit=limit,
                                            console="null", wrapper=wrapper, extra=stub)
        with boot.emulator.emulator(description, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    pass_fds=(theirs.fileno(),)):
            theirs.close()
            ours.settimeout(boot.PATIENCE)
            yield Probe(ours, limit)
