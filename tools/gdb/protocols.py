"""What is no detour, each told once, where the run has it: the boot, and the ways between program and kernel: the first
run of a process, a clock interrupt that leads to another process, a system call of ring 3.

Each teller returns (film, first moment, rules of its chapters), or None.
"""

import recorded
from boot import tell_boot
from chapters import first_rules, switch_rules, trap_rules
from entry import tell_entry, tell_resumption, tell_saving
from film import Film, Instruction, in_ring3, interrupted
from kernel_data import in_program, register, symbol_address


def tell_first_run(moments):
    """Of the first process that begins in the program."""
    known = set()
    for moment in moments.all:
        if moment.what != "switch" or moment.to in known:
            continue
        known.add(moment.to)
        film = Film(moments.processes[moment.to]["pid"], moments)
        tell_resumption(film, moment, "new")
        film.until(lambda: in_program(register("eip")) or len(film.steps) > 60)
        if in_program(register("eip")):
            film.snap("begins")
            return film, moment, first_rules
    return None


def tell_preemption(moments):
    """A tick at which a process of the program loses the CPU to another one, and gets it back without a detour."""
    for index, tick in enumerate(moments.all[:-1]):
        switch = moments.all[index + 1]
        if (tick.what, switch.what, switch.state, switch.lane) != ("tick", "switch", "ready", tick.lane):
            continue
        later = [moment for moment in moments.all[index + 2:] if tick.lane in (moment.to, moment.lane)]
        if len(later) < 2 or (later[0].what, later[0].to) != ("switch", tick.lane) or later[1].what == "iret":
            continue
        recorded.go(tick.at, symbol_address("clkdisp"))
        home = interrupted()
        if not in_program(home[0]):
            continue
        film = Film(moments.processes[tick.lane]["pid"], moments)
        tell_entry(film, tick)
        film.until(lambda: Instruction(register("eip")).is_call)
        film.snap()
        tell_saving(film)
        tell_resumption(film, later[0], "woken")
        film.until_home(*home)
        return film, tick, switch_rules
    return None


def tell_system_call(moments):
    """The first one by which a process enters the kernel from ring 3 and comes back."""
    trap = moments.first_trap
    if trap is None:
        return None
    film = Film(moments.processes[trap.lane]["pid"], moments)
    tell_entry(film, trap)
    film.until(in_ring3)
    film.snap("home")
    return film, trap, trap_rules


TELLERS = {"boot": tell_boot, "first": tell_first_run, "switch": tell_preemption, "trap": tell_system_call}
