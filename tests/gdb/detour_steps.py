"""Runs inside gdb: steps through whole detours, queries at each instruction, and compares the answers with what
happens.

The truth is not taken from the commands under test: where the process will resume is read from the CPU when it is
diverted, or from the word that its call of sleepms() pushed; what it finds there, from the CPU when it arrives; and
which callbacks run, from the instructions that are executed.
"""

import gdb

import kernel_data
import native
from detours import DetourOf
from explain import RETURN_PAGE, verdict
from kernel_data import USER_BEGIN, WORD, current_pid, process, register, symbol_address, word
from stack import Stack

MOST_STEPS = 4000
VISITS = 2  # of an instruction, with the same phase: loops are long
WHERE = {  # what `where` may say, by what happens
    "handler": ("an interrupt handler: clkdisp", "shared library code"),
    "call": ("a system call: sleepms",),
    "detour": ("the code of a detour: ",),
    "page": ("the code of a detour: cbfmanager",),
    "trap": ("a system call of ring 3: ", "shared library code"),
    "return": ("the way back to ring 3",),
    "callback": ("user code, in an event callback", "shared library code"),
    "call in callback": ("a system call", "the way back to ring 3"),
}


def registers():
    return {name: register(name) for name in native.REGISTERS}


class Moment:
    """What the commands say at one instruction."""

    def __init__(self, pid, phase):
        self.phase, self.eip = phase, register("eip")
        stack = Stack(pid)
        functions = stack.functions()
        self.place = functions[0].place
        self.detour = DetourOf(pid).describe()
        self.where = verdict(functions)[0] if stack.running else None
        self.ours = [(function.eip, function.esp) for function in functions]
        self.theirs = frames() if stack.running and int(stack.entry["prring"]) in (0, *loaded_ring(pid)) else None
        self.claims = int(process(pid)["prdetour"]["running"])

    def lines(self, begin):
        return [line for line in self.detour if line.strip().startswith(begin)]


def loaded_ring(pid):
    """3 if gdb has the symbols of the program that the process runs; otherwise it cannot follow that code."""
    name = kernel_data.program_name(pid)
    return (3,) if name and name == kernel_data.loaded_program else ()


def frames():
    """EIP and ESP of gdb's frames."""
    frame, found = gdb.newest_frame(), []
    while frame is not None:
        if frame.type() != gdb.INLINE_FRAME:
            found.append((frame.pc() & WORD, int(frame.read_register("esp")) & WORD))
        frame = frame.older()
    return found


class Film:
    """One process, instruction by instruction, until it is back at home: a pair (EIP, ESP)."""

    def __init__(self, pid, home, phase):
        self.pid, self.home, self.phase = pid, home, phase
        self.moments, self.entered, self.back = [], [], []  # entered: (number of moments before, callback)
        self.visits, self.failures, self.arrived = {}, [], None
        self.detour_code = range(symbol_address("cbfreturn"), symbol_address("clkdisp"))
        self.program = range(symbol_address("kernel.app_text"), symbol_address("kernel.etext"))

    def fail(self, moment, message):
        self.failures.append(f"{moment.place} ({moment.phase}): {message}: " + " | ".join(moment.detour[1:]))

    def follow(self):
        """The phase, from the next instruction and the previous ones."""
        eip, esp = register("eip"), register("esp")
        if self.back:
            if esp > self.back[-1] and (register("cs") & 3 != 0) == (self.home[0] >= USER_BEGIN):  # on the same stack
                self.back.pop()  # the callback returned
            else:
                self.phase = "callback" if self.is_program(eip) else "call in callback"
                return
        if eip in self.detour_code or RETURN_PAGE <= eip:
            self.phase = "page" if RETURN_PAGE <= eip else "detour"
        elif self.phase in ("detour", "page") and self.is_program(eip):
            self.entered.append((len(self.moments), eip))
            self.back.append(esp)
            self.phase = "callback"
        elif self.phase == "page":
            self.phase = "trap"
        elif eip == symbol_address("user_return"):
            self.phase = "return"

    def is_program(self, eip):
        return eip in self.program or USER_BEGIN <= eip < RETURN_PAGE

    def run(self, until=None):
        for _ in range(MOST_STEPS):
            key = (register("eip"), self.phase, len(self.entered))
            self.visits[key] = self.visits.get(key, 0) + 1
            if self.visits[key] <= VISITS:
                self.moments.append(Moment(self.pid, self.phase))
            gdb.execute("stepi", to_string=True)
            if until is not None and register("eip") == until:
                return self
            if (register("eip"), register("esp")) == self.home:
                self.arrived = registers()
                return self
            self.follow()
        raise gdb.GdbError(f"the process has not come home in {MOST_STEPS} instructions")

    # ---- the comparison ----

    def compare(self):
        for number, moment in enumerate(self.moments):
            self.compare_verdict(moment)
            self.compare_home(moment)
            self.compare_claims(number, moment)
            if moment.where is not None and not moment.where.startswith(WHERE[moment.phase]):
                self.fail(moment, f"where says {moment.where}")
        return self.failures

    def compare_verdict(self, moment):
        if moment.lines("verdict: detour::arch::") and moment.phase not in ("trap", "handler"):
            self.fail(moment, "nothing is exchanged here")
        if moment.lines("verdict: wrong"):
            self.fail(moment, "wrong, but the process has come home")
        if not self.entered and self.arrived and not moment.lines("verdict: no detour is pending or running"):
            self.fail(moment, "no callback has run")

    def compare_home(self, moment):
        if moment.lines("verdict: detour::arch::"):  # the registers are neither here nor there
            return
        if self.home not in moment.ours:
            self.fail(moment, "bt PID does not lead to where the process goes on")
        if moment.theirs is not None and self.home not in moment.theirs:
            self.fail(moment, "bt does not lead to where the process goes on")
        for line in moment.lines("original: "):
            if int(line.split()[1], 16) != self.home[0]:
                self.fail(moment, "the original is another address")

    def compare_claims(self, number, moment):
        later = [address for first, address in self.entered if first > number]
        if moment.phase in ("detour", "callback", "call in callback", "page") and \
                not moment.lines("running: ") and not moment.lines("arriving: "):
            self.fail(moment, "the detour is not seen")
        asked = moment.eip in self.detour_code and any("kept in the frame" in line for line in moment.detour)
        if moment.lines("running: ") or asked:  # cbfreturn has called for what is to run
            self.compare_running(moment, later)
        elif moment.claims and not moment.lines("arriving") and \
                not moment.lines("verdict: a detour is about to begin") and \
                not moment.lines("verdict: detour::arch::"):
            self.fail(moment, "callbacks are claimed")

    def compare_running(self, moment, later):
        said = [int(line.split(": ")[1].split()[0], 0) if line.split(": ")[1].startswith("0x")
                else line.split(": ")[1].split("+")[0]
                for line in moment.lines("claimed: ") if line.startswith("  ") and ", which" not in line]
        truth = [name_of_code(self.pid, address) for address in later]
        if said != truth and not (moment.phase in ("trap", "return") and said == truth[1:]):
            self.fail(moment, f"to run are {truth}")
        if self.arrived is None:
            return
        found = [line for line in moment.detour if line.startswith("    ")]
        for line in found:
            words = line.split()
            for name, value in zip(words[::2], words[1::2]):
                if name == "esp" and self.home[0] >= USER_BEGIN:
                    continue  # not restored from there
                if name in self.arrived and int(value, 16) != self.arrived[name]:
                    self.fail(moment, f"{name} was {self.arrived[name]:08x} when the process came home")


def name_of_code(pid, address):
    return Stack(pid).location(address).split("+")[0]


def go_to(place, condition=""):
    """Runs to this place, by a hardware breakpoint: gdb confuses a software one with another one byte before it."""
    point = gdb.Breakpoint(place, gdb.BP_HARDWARE_BREAKPOINT, internal=True, temporary=False)
    point.silent = True
    if condition:
        point.condition = condition
    gdb.execute("continue", to_string=True)
    point.delete()


def at(function):
    """The address of its first instruction."""
    return f"*{symbol_address(function):#x}"


def film_tick(ring):
    """A clock interrupt of this ring."""
    go_to("*clkdisp", f"(((unsigned *)$esp)[1] & 3) == {ring}")
    esp = register("esp")
    home = (word(esp), word(esp + 12) if ring else esp + 12)
    return Film(current_pid(), home, "handler").run()


def film_planting():
    """send() rewrites a sleeper's return address. Also returns where the sleeper resumes."""
    go_to("*sleepms", f"currpid != 1 && ((unsigned *)$esp)[0] > {symbol_address('kernel.app_text')}")
    pid, esp = current_pid(), register("esp")
    home = (word(esp), esp + 4)
    go_to(at("detour::message_arrived"))
    return Film(pid, home, "call").run(until=word(register("esp"))), home


def film_return(pid, home):
    """The return of that sleepms()."""
    go_to(at("detour::prepare_sleepms_return"), f"currpid == {pid}")
    return Film(pid, home, "call").run()


def film_trap():
    """A return from a system call of ring 3, which may begin a detour."""
    go_to(at("detour::user_detour_at_return"))
    pid = current_pid()
    frame = (int(process(pid)["prstkbase"]) & WORD) - 60
    return Film(pid, (word(frame + 32), word(frame + 44)), "trap").run()


def report(name, films):
    failures = [failure for film in films for failure in film.compare()]
    for failure in failures:
        gdb.write(f"WRONG {name}: {failure}\n")
    moments = sum(len(film.moments) for film in films)
    callbacks = sum(len(film.entered) for film in films)
    gdb.write(f"{name}: {moments} instructions, {callbacks} callbacks, {len(failures)} wrong\n")


def until_callbacks(make, most=40):
    """Films until there is a callback in one; that and the one before, which had none."""
    films = [make()]
    while not films[-1].entered and len(films) < most:
        films.append(make())
    return films[-2:]


def prove_ring_0():
    """In gdb_frames: an alarm at a clock interrupt; then a message that send() plants, with a vacation after it."""
    report("tick", until_callbacks(lambda: film_tick(0)))
    planting, home = film_planting()
    report("planting", [planting])
    report("return", [film_return(planting.pid, home)])


def prove_ring_3():
    """In gdb_frames: the same for its programs `alarm` and `message`."""
    go_to("*clkdisp", "(((unsigned *)$esp)[1] & 3) == 3")
    gdb.execute("program alarm", to_string=True)
    report("tick of ring 3", until_callbacks(lambda: film_tick(3)))
    report("return in ring 3", until_callbacks(film_trap))
    report("another return in ring 3", until_callbacks(film_trap))
