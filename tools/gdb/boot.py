"""How the machine comes up, from the loader's jump to the kernel until main is created and the null process runs: what
the kernel has the CPU and the devices remember, with the values that it gives them.

No process runs yet. The stack is that of the null process, which _start sets up; nulluser() becomes this process.
"""

import gdb

import kernel_data
import recorded
import restart
from chapters import boot_rules
from entry import tell_resumption, tell_saving
from film import Film
from hardware import SPEAKS, Devices
from kernel_data import function_address, register, symbol_address, word
from moments import Moment
from stack import Stack

EFLAGS_IF = 0x200

# The functions of the boot, in order: each with the mark of its beginning, and with those that it calls to speak to
# the hardware.
PARTS = (("detour::arch::segments_initialize", "segments"), ("detour::arch::idt_initialize", "traps"),
         ("detour::arch::paging_initialize", "paging"), ("detour::arch::pic_initialize", "controllers"),
         ("detour::initialize_process_table", "table"),
         ("detour::arch::start_clock", "clock", "detour::arch::pic_unmask", "detour::arch::pit_initialize"),
         ("create", "created"))


class BootStack(Stack):
    """That of the null process, also while its process table entry does not tell yet where it is."""

    def __init__(self, pid):
        self.bounds = symbol_address("null_stack"), symbol_address("null_stack_top")
        super().__init__(pid)

    def kernel_range(self):
        return self.bounds

    def is_running(self):
        return self.bounds[0] <= register("esp") < self.bounds[1]


class BootFilm(Film):
    """The steps of what becomes the null process."""

    def __init__(self, pid, moments):
        super().__init__(pid, moments)
        self.devices = Devices()

    def stack(self):
        return BootStack(self.pid)

    def lane(self):
        if kernel_data.is_booted():
            return super().lane()
        return next(lane for lane, process in enumerate(self.moments.processes) if process["pid"] == self.pid)

    def source(self):
        """An inline function of a header is shown where it is called."""
        frame = gdb.newest_frame()
        while frame.type() == gdb.INLINE_FRAME and is_header(frame.find_sal().symtab):
            frame = frame.older()
        place = frame.find_sal()
        return (place.symtab.fullname(), place.line) if place.symtab is not None and place.line else None

    def begin(self):
        """From the second instruction of the kernel, as the first one gives it a stack, to the first call."""
        recorded.session.seek(0)
        restart.go_to_entry()
        self.console_base = -self.moments.console()
        gdb.execute("stepi", to_string=True)
        first = Moment("boot", recorded.session.position(), 0, self.lane(), 0)
        while not self.snap()["call"]:
            gdb.execute("stepi", to_string=True)
        return first

    def through(self, name, mark, *more):
        """Runs from here through the next call of this function: a step at its beginning, and one at each instruction
        by which it, or one of those that it calls, speaks to the hardware."""
        self.go_to(function_address(name))
        after = word(register("esp"))
        self.snap(mark)
        places = {after}.union(*map(to_hardware, (name, *more)))
        while self.run_to(places) != after:
            self.snap()["hardware"] = self.devices.effect()

    @staticmethod
    def run_to(places):
        """To the next of these places."""
        stops = [gdb.Breakpoint(f"*{address:#x}", internal=True) for address in places]
        try:
            gdb.execute("continue", to_string=True)
        finally:
            for stop in stops:
                stop.delete()
        if register("eip") not in places:
            raise gdb.GdbError("the recording ends in the boot")
        return register("eip")

    def resume_first(self):
        """The first process takes its registers from the stack that create() has made: interrupts are masked no
        more."""
        gdb.execute("stepi", to_string=True)
        flags = word(register("esp"))
        self.snap("flags")["hardware"] = f"popfl: takes EFLAGS off the stack, {flags:08x}: " + \
            ("interrupts are on" if flags & EFLAGS_IF else "interrupts stay masked")
        gdb.execute("stepi", to_string=True)

    def idle(self, switch):
        """From the switch back to the null process to its sleep."""
        tell_resumption(self, switch, "woken")
        for address in sorted(to_hardware("nulluser")):
            self.go_to(address)
            self.snap("idle")["hardware"] = self.devices.effect()


def is_header(file):
    return file is not None and not file.filename.endswith((".cpp", ".c", ".S"))


def to_hardware(name):
    """The addresses of the instructions of a function that speak to the hardware."""
    block = gdb.block_for_pc(function_address(name))
    while not block.superblock.is_static:
        block = block.superblock  # what begins the function may be inlined
    code = gdb.selected_inferior().architecture().disassemble(block.start, block.end - 1)
    return {each["addr"] for each in code if SPEAKS.match(each["asm"])}


def tell_boot(moments):
    """From the loader's jump on."""
    film = BootFilm(0, moments)
    first = film.begin()
    for part in PARTS:
        film.through(*part)
    tell_saving(film)
    film.resume_first()
    film.through("create", "main")
    film.snap()
    back = [moment for moment in moments.all if moment.what == "switch" and
            moments.processes[moment.to]["pid"] == film.pid]
    if back:
        film.idle(back[0])
    return film, first, boot_rules
