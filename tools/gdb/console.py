"""The console of the machine in a live session of gdb: gdb shows what the kernel writes, and `type` types.

gdb must show it. Its text user interface owns the screen, and on a plain terminal, or in a file, the kernel's lines
keep their place among gdb's own. All writing is done on gdb's own thread; another thread tells it that output has
arrived.
"""

import codecs
import os
import queue
import select
import socket
import threading

import gdb
from command import Command

END_OF_INPUT = b"\x04"

console = None  # the Console of the machine that runs
lock, exiting = threading.Lock(), False


class Console:
    """The serial line of one machine."""

    def __init__(self, connection, typed=b""):
        """connection is the other end of QEMU's socket; typed is what is typed to begin with."""
        self.connection = connection
        self.at_end = False
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.shown = threading.Event()
        self.shown.set()
        self.ready = threading.Event()  # the kernel wrote: its serial line is set up, and loses no input
        self.keys = queue.Queue()
        if typed:
            self.keys.put(typed)
        for work in self.watch, self.type_keys:
            threading.Thread(target=work, daemon=True).start()

    def watch(self):
        """On a thread: has gdb show what arrives."""
        while not self.at_end:
            select.select([self.connection], [], [])
            self.shown.clear()
            with lock:
                if exiting:
                    return
                gdb.post_event(self.show_event)
            self.shown.wait()

    def show_event(self):
        self.show()
        self.shown.set()

    def show(self):
        """Shows what has arrived so far."""
        text = self.decoder.decode(self.received()).replace("\r", "").replace("\0", "")
        if text:
            gdb.write(text)
            gdb.flush()

    def received(self):
        """The bytes that have arrived, without waiting for more."""
        chunks = []
        while not self.at_end:
            try:
                chunks.append(self.connection.recv(65536, socket.MSG_DONTWAIT))
                self.at_end = not chunks[-1]
                self.ready.set()
            except BlockingIOError:
                break
            except OSError:
                self.at_end = True
        return b"".join(chunks)

    def type_keys(self):
        """On a thread, since the machine may be stopped, or not accept any more."""
        self.ready.wait()
        try:
            while keys := self.keys.get():
                self.connection.sendall(keys)
        except OSError:
            pass  # the machine has ended

    def close(self):
        self.show()
        self.at_end = True
        self.ready.set()
        self.keys.put(b"")
        self.connection.shutdown(socket.SHUT_RDWR)  # ends what the threads wait for


class Type(Command):
    """Type at the console of the machine.

type TEXT      types the text, and Enter
type -n TEXT   without Enter
type ^D        Ctrl-D: the end of the input

The program gets it when the machine runs. What is typed before the kernel has written its first line waits for that."""

    name = "type"
    group = gdb.COMMAND_RUNNING

    def invoke(self, argument, _from_tty):
        if console is None or not gdb.selected_inferior().pid:
            raise gdb.GdbError("there is no machine to type to; `run` starts one")
        if argument.strip() == "^D":
            keys = END_OF_INPUT
        elif argument.startswith("-n "):
            keys = argument[3:].encode()
        else:
            keys = argument.encode() + b"\n"
        console.keys.put(keys)


def replace(new):
    """Another machine has another console."""
    global console
    if console is not None:
        console.close()
    console = new


class Show(gdb.Command):
    """Show what the kernel has written. gdb calls this when the machine has stopped, before it says so."""

    def __init__(self):
        super().__init__("show-console", gdb.COMMAND_OBSCURE)

    def invoke(self, _argument, _from_tty):
        show()


def show(_event=None):
    if console is not None:
        console.show()


def on_exit(event):
    """gdb (13) crashes if it exits with a posted event still pending: then it ends here, at once."""
    global exiting
    with lock:
        exiting = True
    show()
    if console is not None and not console.shown.is_set():
        gdb.flush()
        gdb.flush(gdb.STDERR)
        os._exit(event.exit_code or 0)


def begin():
    Type()
    Show()
    gdb.execute("define hook-stop\nshow-console\nend")
    gdb.events.exited.connect(show)
    gdb.events.before_prompt.connect(show)
    gdb.events.gdb_exiting.connect(on_exit)
