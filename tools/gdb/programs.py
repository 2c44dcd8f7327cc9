"""The symbols of ring-3 programs: gdb has those of one program at a time, that of the process that runs.

All programs are linked at the same address, so the symbols of two at once would be a mixture. Whenever the machine
stops, those of the current process's program replace the others; `program NAME` does it by hand. With `make debug
RING=3` those of APP are there from the beginning.

Breakpoints in programs keep working while another program's symbols are loaded:
- gdb knows addresses, not programs. So a breakpoint in a program gets the condition $_in_program(), which is false when
  another program reaches the same address.
- A breakpoint whose program's symbols are unloaded would be forgotten. A Companion stands at its address in that
  program, and when it is hit loads the symbols and makes gdb hit the real breakpoint.
- One that is pending waits for a program that has such a function: the symbols of each program that begins are loaded.
A breakpoint at a bare address (`break *0x40000123`) belongs to no program, and counts in all.
"""

import collections
import contextlib
import os

import gdb
import kernel_data
import threads
from command import Command

KINDS = (gdb.BP_BREAKPOINT, gdb.BP_HARDWARE_BREAKPOINT)
STARTER = os.path.join("user", "first.c")  # its main() only starts that of APP

Program = collections.namedtuple("Program", "name elf is_app")


def programs():
    """The programs inside the image, by name: what the build wrote next to it (tools/build/cmake/image.cmake)."""
    image = os.path.realpath(gdb.current_progspace().filename or "")
    path = os.path.splitext(image)[0] + ".programs"
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split(" ", 2) for line in file]
    return {name: Program(name, elf, mark == "*") for mark, name, elf in lines}


def is_user(address):
    return kernel_data.USER_BEGIN <= address < kernel_data.USER_END


def current_program():
    """The name of the program that the current process runs; None for a process of ring 0, or if there is none yet."""
    try:
        return kernel_data.program_name(kernel_data.current_pid())
    except gdb.GdbError:
        return None


def shown_process():
    """The process that the user looks at: that of the selected thread, or the current one."""
    pid = threads.selected_process()
    return kernel_data.current_pid() if pid is None else pid


# ---- loading ----


class Loader:
    """Which program's symbols gdb has, and what must be done when that changes."""

    def __init__(self):
        self.program = None  # a Program
        self.entry = None  # the Entry, once there is an image with programs
        self.companions = {}  # by (program's name, address)
        self.verified = {}  # by name: whether the program's file is the one in the image

    def load(self, program):
        """Gives gdb the symbols of this program and of no other."""
        if program == self.program:
            return
        if not os.path.exists(program.elf):
            raise gdb.GdbError(f"there is no {program.elf} with the symbols of {program.name}: build the image again")
        places = self.unload()
        self.program, kernel_data.loaded_program = program, program.name
        gdb.execute(f'add-symbol-file "{program.elf}"', to_string=True)
        self.watch(places)
        guard_all()

    def unload(self):
        """Unloads the symbols; returns where breakpoints were: {(name, address): [breakpoints]}."""
        places = collections.defaultdict(list)
        if self.program is None:
            return places
        for breakpoint in gdb.breakpoints():
            for address in user_addresses(breakpoint):
                places[self.program.name, address].append(breakpoint)
        gdb.execute(f'remove-symbol-file "{self.program.elf}"', to_string=True)
        self.program = kernel_data.loaded_program = None
        return places

    def watch(self, places):
        """Companions for breakpoints at these places, and none for those of the program that is loaded now."""
        for key in [key for key in self.companions if key[0] == self.program.name or key in places]:
            self.companions.pop(key).delete()
        for key, owners in places.items():
            self.companions[key] = Companion(*key, owners)

    def follow(self):
        """Loads the symbols of the program that the process runs at which the user looks; returns whether that changed
        anything."""
        known, name, before = programs(), None, self.program
        with contextlib.suppress(gdb.GdbError):  # there are no processes yet
            name = kernel_data.program_name(shown_process())
        if name in known and self.is_in_image(known[name]):
            self.load(known[name])
        elif before is None:
            for program in known.values():
                if program.is_app:
                    self.load(program)
        return self.program != before

    def is_in_image(self, program):
        """Whether the file is that of the image, which may be older: says so once, if it is not."""
        if program.name not in self.verified:
            with open(os.path.splitext(program.elf)[0] + ".embedded", "rb") as file:
                same = file.read() == kernel_data.embedded_program(shown_process())
            self.verified[program.name] = same
            if not same:
                gdb.write(f"no symbols: {program.elf} is not the {program.name} in the image; build the image again\n",
                          gdb.STDERR)
        return self.verified[program.name]


loader = Loader()


# ---- breakpoints ----


def user_addresses(breakpoint):
    """The addresses of a user's breakpoint in the program that is loaded."""
    if breakpoint.type not in KINDS or (breakpoint.location or "*")[0] == "*":
        return []
    return [location.address for location in breakpoint.locations if is_user(location.address) and is_known(location)]


def is_known(location):
    """Whether the place is in the program that is loaded: gdb keeps those of another until it has new ones."""
    there = gdb.find_pc_line(location.address).symtab
    return location.source is None or (there is not None and there.filename == location.source[0])


def guard(breakpoint):
    """Gives a breakpoint in a program its condition, once. `break main` then means the program's main()."""
    condition = breakpoint.condition or ""
    if breakpoint.number > 0 and InProgram.CALL not in condition and user_addresses(breakpoint):
        breakpoint.condition = f"{InProgram.CALL} && ({condition})" if condition else InProgram.CALL
        for location in breakpoint.locations:
            if location.source and location.source[0].endswith(STARTER):
                location.enabled = False


def guard_all():
    for breakpoint in gdb.breakpoints():
        guard(breakpoint)


class InProgram(gdb.Function):
    """Whether the current process runs the program whose symbols are loaded, or the CPU is in the kernel."""

    CALL = "$_in_program()"

    def __init__(self):
        super().__init__("_in_program")

    def invoke(self):
        return not is_user(kernel_data.register("eip")) or current_program() == kernel_data.loaded_program


class Lookout(gdb.Breakpoint):
    """Not the user's: stops to have the symbols loaded, and continues at once."""

    def __init__(self, address):
        super().__init__(f"*{address:#x}", internal=True)
        # A jump to where the CPU is: gdb then does not step over the real breakpoint that may be there now, but hits
        # it.
        self.commands = "silent\npython import programs; programs.loader.follow()\njump *$eip"


class Companion(Lookout):
    """Takes the place of a breakpoint in a program whose symbols are not loaded."""

    def __init__(self, name, address, owners):
        super().__init__(address)
        self.name, self.owners = name, owners

    def stop(self):
        return any(owner.is_valid() and owner.enabled for owner in self.owners) and current_program() == self.name


class Entry(Lookout):
    """At the first instruction of all programs, for breakpoints at a function that no program has had so far."""

    def __init__(self):
        super().__init__(kernel_data.USER_BEGIN)

    def stop(self):
        known = {owner.number for companion in loader.companions.values() for owner in companion.owners
                 if owner.is_valid()}
        pending = any(each.pending and each.enabled and each.number not in known for each in gdb.breakpoints())
        return pending and current_program() in set(programs()) - {kernel_data.loaded_program}


def on_stop(event=None):
    """The machine stopped: gdb must have the symbols of the program that runs.

    Not at a breakpoint with commands: gdb would run them within the first command of ours. A Lookout's load the symbols
    themselves; a user's find those that were there.
    """
    if isinstance(event, gdb.BreakpointEvent) and any(breakpoint.commands for breakpoint in event.breakpoints):
        return
    thread = gdb.selected_thread()
    if thread is not None and thread.is_running():  # `continue &`: the prompt comes before the stop
        return
    try:
        if programs() and loader.entry is None:
            loader.entry = Entry()
        loader.follow()
    except (gdb.GdbError, gdb.error, OSError) as error:
        gdb.write(f"the symbols of the ring-3 program are not loaded: {error}\n", gdb.STDERR)


# ---- the command ----


class ProgramCommand(Command):
    """Tell which ring-3 programs the image holds, or load the symbols of one.

program
program NAME

Whenever the machine stops, gdb gets the symbols of the program that the current process runs, in place of another's:
all programs are linked at the same address. `program NAME` loads those of a program before it runs, for instance to
set a breakpoint in it; the breakpoint stays when another program's symbols are loaded. It stops only in processes
that run its program."""

    name = "program"
    takes_arguments = True

    def run(self, arguments):
        known = programs()
        if not known:
            raise gdb.GdbError("there are no ring-3 programs in this image")
        if not arguments:
            return "".join(f"{'*' if name == kernel_data.loaded_program else ' '} {name}\n" for name in known)
        if len(arguments) > 1 or arguments[0] not in known:
            raise gdb.GdbError(f"there is no program {' '.join(arguments)} in this image; `program` lists them")
        loader.load(known[arguments[0]])
        return ""


InProgram()
ProgramCommand()
gdb.events.stop.connect(on_stop)
gdb.events.before_prompt.connect(on_stop)
gdb.events.breakpoint_created.connect(guard)
gdb.events.breakpoint_modified.connect(guard)
on_stop()
