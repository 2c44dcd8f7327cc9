"""A recording that QEMU replays, with a barrier at its end, and the command `transcript`. `make rewind` loads it.

gdb goes backwards by itself, since QEMU offers it; but it has no command that jumps. QEMU has one, in its monitor.
When the machine moves without gdb's doing, gdb takes the notification for the reply to something else; so
Session.seek() disconnects gdb meanwhile.

Past the end, QEMU has nothing to replay, and cannot go back any more. So it is told to stop there (QEMU forgets that
each time it goes back, hence at every stop of gdb), and at the end the commands that go forward are refused.
"""

import socket

import gdb

import backwards
import kernel_data
import qmp
import recorded
import restart
import resuming
from quiet import quiet

POWERED_OFF = "powered off"  # what a recording says of a run that ended by itself
SECONDS = 600  # no pass through a recording takes this long

session = None  # the Session


class Session:
    """The recording that QEMU replays, and the connection to QEMU's monitor."""

    def __init__(self, monitor, end):
        self.monitor, self.end = monitor, end
        self.limit = end  # where QEMU is to stop
        self.event = None  # of the last stop

    def position(self):
        return self.ask(self.monitor.request, "query-replay")["icount"]

    def at_end(self):
        return self.position() >= self.end

    def ask(self, method, *arguments, **settings):
        try:
            return method(*arguments, **settings)
        except qmp.QmpError as error:
            raise gdb.GdbError(f"{error}: leave gdb and say `make rewind` again") from None

    def seek(self, icount):
        """Makes QEMU go there, while gdb is disconnected."""
        address = gdb.selected_inferior().connection.details
        with quiet():
            gdb.execute("disconnect", to_string=True)
            try:
                self.ask(self.monitor.let_run, "replay-seek", SECONDS, icount=icount)
            finally:
                gdb.execute(f"target remote {address}", to_string=True)
        self.guard()

    def guard(self):
        """Makes QEMU stop at the limit."""
        if self.position() < self.limit:
            self.ask(self.monitor.request, "replay-break", icount=self.limit)

    def where(self):
        msec = int(gdb.parse_and_eval("(unsigned) clkcountermsec"))
        position = self.position()
        moment = "the end of the recording" if position >= self.end else f"instruction {position} of {self.end}"
        return f"This is {moment}, at msec {msec}."


def refuse_at_end(name):
    """Past the end there is nothing to replay."""
    # To gdb, reverse-step is a step, too: with the direction reversed.
    backwards = "everse" in gdb.execute("show exec-direction", to_string=True)
    if name in resuming.FORWARD and not backwards and session.at_end():
        raise gdb.GdbError("This is the end of the recording; `help seek` tells the ways back.")


class Transcript(gdb.Command):
    """Carry out the commands of a file as if they were typed, and show each: transcript FILE

A command that fails does not end it. Empty lines and comments are left out."""

    def __init__(self):
        super().__init__("transcript", gdb.COMMAND_SUPPORT, gdb.COMPLETE_FILENAME)

    def invoke(self, argument, _from_tty):
        with open(argument, encoding="utf-8") as file:
            for command in filter(None, (line.partition("#")[0].strip() for line in file)):
                gdb.write(f"(gdb) {command}\n")
                try:
                    gdb.execute(command)
                except gdb.error as error:
                    gdb.write(f"{error}\n")


def on_stop(event):
    session.event = event
    if session.at_end():
        gdb.write("\nThe recording ends here.\n")
    session.guard()


def begin_again():
    """What `run` begins with."""
    if not restart.at_entry():
        session.seek(0)
        restart.go_to_entry()


def to_last_process():
    """From the end of a run, where the last process is being reaped, to its last moment: the call of
    abandon_stack()."""
    exit_stack = kernel_data.symbol_address("exit_stack"), kernel_data.symbol_address("exit_stack_top")
    if not exit_stack[0] < kernel_data.register("esp") <= exit_stack[1]:
        return False
    entry = gdb.Breakpoint("*abandon_stack", internal=True)
    backwards.run_backwards()
    entry.delete()
    session.seek(session.position() - 1)
    return True


def begin(port, monitor, end, ended):
    """Connects gdb to a machine that replays a recording, and takes over its monitor, a file descriptor."""
    global session
    session = recorded.session = Session(qmp.Monitor(socket.socket(fileno=monitor), greeted=True), end)
    with quiet():
        gdb.execute(f"target remote 127.0.0.1:{port}", to_string=True)
    session.guard()
    Transcript()
    resuming.checks.append(refuse_at_end)
    gdb.events.stop.connect(on_stop)
    backwards.begin(session)
    restart.begin_again = begin_again
    way = "Go back from here"
    if not session.at_end():
        way = "Go on from here, and back"
        restart.go_to_entry()
    elif ended == POWERED_OFF and to_last_process():
        ended += ". Its last process is about to end here"
    gdb.write(f"The run ended so: {ended}. {session.where()}\n"
              f"{way}; `help seek` tells how, `help detour-commands` what else there is.\n")
    gdb.execute("frame")
