"""Talks to QEMU's monitor, in QMP: JSON, a line for each request, answer and event."""

import json
import select
import time

SECONDS = 20  # until an answer comes


def arguments(descriptor):
    """For QEMU: its monitor is at this end of a socket pair, which it inherits."""
    return ("-chardev", f"socket,id=monitor,fd={descriptor}", "-mon", "chardev=monitor,mode=control")


class QmpError(Exception):
    """QEMU refused a request, does not reply, or is gone; the text is one line for the user."""


class QmpEnd(QmpError):
    """QEMU has ended."""


class Monitor:
    """The monitor at the other end of a socket; each request has a time limit, because a replay may hang."""

    def __init__(self, socket, greeted=False, seconds=None):
        self.socket = socket
        self.seconds = seconds = seconds or SECONDS
        self.received = b""
        self.stopped = False  # reported by QEMU since the machine was last resumed
        if not greeted:
            self.next_message(time.monotonic() + seconds)
            self.request("qmp_capabilities")

    def request(self, command, **arguments):
        """The answer to a request."""
        try:
            self.socket.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        except OSError:
            raise QmpEnd("QEMU has ended") from None
        deadline = time.monotonic() + self.seconds
        while True:
            message = self.next_message(deadline)
            if "error" in message:
                raise QmpError(f"QEMU refuses {command}: {message['error'].get('desc', 'no reason given')}")
            if "return" in message:
                return message["return"]

    def let_run(self, command, seconds, **arguments):
        """A request that lets the machine run; returns when it stops again, or raises QmpError after this time."""
        self.stopped = False
        self.request(command, **arguments)
        deadline = time.monotonic() + seconds
        while not self.stopped:
            self.next_message(deadline)

    def next_message(self, deadline):
        """The next line from QEMU; events are noted."""
        while b"\n" not in self.received:
            if not select.select([self.socket], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise QmpError("QEMU does not answer in time")
            try:
                chunk = self.socket.recv(65536)
            except ConnectionError:
                chunk = b""
            if not chunk:
                raise QmpEnd("QEMU has ended")
            self.received += chunk
        line, _, self.received = self.received.partition(b"\n")
        message = json.loads(line)
        self.stopped |= message.get("event") == "STOP"
        return message
