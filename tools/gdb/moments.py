"""What happened in a recording, found in one pass through it: switches, clock interrupts, sends, sleeps and detours.

A moment has the number of instructions executed until then, by which session.seek() goes back to it. So a story first
finds all moments, and then returns to those that it tells instruction by instruction.
"""

import dataclasses

import kernel_data
import recorded
from kernel_data import register, symbol_address, word
from led import Left, led, words_of
from recorded import Place, run_through
from stack import page_directory

MOST = 4000  # moments that are kept; each costs about 2 msec


@dataclasses.dataclass
class Moment:
    what: str  # switch, tick, send, sleep, iret (of clkdisp, into cbfmanager), return (of sleepms, into cbfreturn),
    # user: a process in ring 3 is led to its callback; led: a process is switched in whose stack another has rewritten
    at: int  # instructions executed
    msec: int
    lane: int  # of the process that runs; in Moments.processes
    console: int  # characters written to the console
    to: int = -1  # switch, send: the other process's lane
    state: str = ""  # switch: of the process that is switched out

    def fields(self):
        """What differs from the defaults, for the story."""
        return {name: value for name, value in vars(self).items() if value not in (-1, "")}


class Moments:
    """The moments of a recording, in order. console: a function, the number of characters on the console."""

    def __init__(self, console):
        self.console = console
        self.processes, self.lanes, self.all = [], {}, []
        self.traps, self.begins = {}, {}  # last system call by lane; how a moment `user` began, by its index
        self.left, self.led = {}, {}  # how each lane was switched out; the Led of a moment `led`, by its index
        self.first_trap = None
        self.complete = True

    def find(self):
        """Lets the machine run from the start to the end of the recording."""
        notes = {"ctxsw": self.note_switch, "clkdisp": lambda: self.note("tick"), "sleepms": lambda: self.note("sleep"),
                 "detour::message_arrived": self.note_send, "cbfmanager": lambda: self.note("iret"),
                 "cbfreturn": lambda: self.note("return"), "detour::arch::redirect_user": self.note_user,
                 "system_call_entry": self.note_trap, "sysenter_entry": self.note_trap}
        self.places = [Place(symbol_address(name), note) for name, note in notes.items()]
        run_through(self.places)
        return self

    def note(self, what, **more):
        if not kernel_data.is_booted():
            return
        if len(self.all) >= MOST:
            self.complete = False
            for place in self.places:
                place.enabled = False
            return
        self.all.append(self.now(what, **more))

    def now(self, what, **more):
        lane = self.lane(kernel_data.current_pid())
        return Moment(what, recorded.session.position(), kernel_data.clock(), lane, self.console(), **more)

    def note_trap(self):
        moment = self.now("trap")
        self.traps[moment.lane] = moment
        self.first_trap = self.first_trap or moment

    def note_user(self):
        self.note("user")
        lane = self.lane(kernel_data.current_pid())
        ways = self.traps.get(lane), self.last(len(self.all), "tick", lane=lane)
        self.begins[len(self.all) - 1] = max(filter(None, ways), key=lambda moment: moment.at)

    def lane(self, pid):
        """The lane of this process: table entries are reused."""
        entry = kernel_data.process(pid)
        key = pid, int(entry["prbirth"])
        if key not in self.lanes:
            self.lanes[key] = len(self.processes)
            self.processes.append({"pid": pid, "name": kernel_data.name_of(entry)})
        return self.lanes[key]

    def note_switch(self):
        """ctxsw(&old->prstkptr, &new->prstkptr); currpid is the new one already."""
        base, size = symbol_address("proctab"), kernel_data.process(0).type.sizeof
        old, new = ((word(register("esp") + offset) - base) // size for offset in (4, 8))
        if not 0 <= new < kernel_data.process_limit():  # not a process's own stack pointer
            new = kernel_data.current_pid()
        state = kernel_data.state_name(kernel_data.process(old)["prstate"])
        self.note("switch", to=self.lane(new), state=state)
        if self.all and self.all[-1].what == "switch":
            self.all[-1].lane = self.lane(old)
            self.note_led(old, new)

    def note_led(self, old, new):
        """Whether the stack of the process to be switched in is as it was left; and how that of the other one is left
        now."""
        left = self.left.pop(self.lane(new), None)
        found = left and led(new, left)
        if page_directory(old) == 0:
            self.left[self.lane(old)] = Left(self.all[-1], register("esp"), words_of(old, register("esp")))
        if found:
            self.note("led")
            self.led[len(self.all) - 1] = found

    def note_send(self):
        """message_arrived(pid), whose argument is on the stack."""
        self.note("send", to=self.lane(word(register("esp") + 4)))

    def before(self, position):
        """The last moment that is not behind this position."""
        return next(moment for moment in reversed(self.all) if moment.at <= position)

    def last(self, index, what, **fields):
        """The last moment of this kind before that of this index; None if there is none."""
        for moment in reversed(self.all[:index]):
            if moment.what == what and all(getattr(moment, name) == value for name, value in fields.items()):
                return moment
        return None
