"""The packets of gdb's remote serial protocol (gdb manual, appendix E): their form, not their meaning.

A packet is `$data#checksum`, and its receiver acknowledges it with `+`, unless both have agreed to leave that out. A
byte 3 alone is Ctrl-C. Here both ends are sockets of one machine, which lose nothing: what arrives is acknowledged at
once, and its checksum is not verified.
"""

import contextlib
import socket

INTERRUPT = b"\x03"
LARGEST = 65536  # bytes that are received at a time


class PacketLink:
    """One end of a connection: packets as bytes, without their frame."""

    def __init__(self, connection):
        self.socket, self.received, self.acknowledges = connection, b"", True
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data):
        self.socket.sendall(data if data == INTERRUPT else b"$%b#%02x" % (data, sum(data) & 0xFF))

    def receive(self):
        """Waits until something arrives, and returns the packets that are whole; EOFError if the other end is gone."""
        try:
            chunk = self.socket.recv(LARGEST)
        except OSError:
            chunk = b""
        if not chunk:
            raise EOFError
        self.received += chunk
        return list(self.packets())

    def packets(self):
        while self.received:
            begin = self.received[:1]
            if begin != b"$":  # + of the other end, or Ctrl-C
                self.received = self.received[1:]
                if begin == INTERRUPT:
                    yield INTERRUPT
                continue
            end = self.received.find(b"#")
            if end < 0 or len(self.received) < end + 3:
                return
            data, self.received = self.received[1:end], self.received[end + 3:]
            if self.acknowledges:
                with contextlib.suppress(OSError):  # QEMU ends with its last packet
                    self.socket.sendall(b"+")
            yield data
