"""Processes that are led elsewhere: while one was switched out, another wrote on its stack where it will go on. The
kernel's own detours do so too, by its functions; here it is a program's doing, as in the hijack lab.

A process that is switched out executes nothing, so its stack from ESP on stays as it is. Return addresses there that
have become addresses of the program, or another prstkptr, are how this is found.
"""

import contextlib
import dataclasses

import gdb

import backwards
import kernel_data
import recorded
from chapters import led_rules
from entry import tell_resumption, tell_saved
from film import Film, Instruction
from kernel_data import WORD, in_program, register, stack_range, symbol_address

RETURN = 40  # from prstkptr to the return address of ctxsw: <xinu/saved_stack.h>
MOST_WATCHED = 8
MOST_STEPS = 150  # of the way back, which may never end


# ---- how it is found ----


@dataclasses.dataclass
class Left:
    """How a process was when ctxsw was called to switch it out."""

    moment: object
    esp: int  # at the return address of ctxsw
    words: list  # from there on


@dataclasses.dataclass
class Led:
    """What another process has made of a stack."""

    left: Left
    originals: dict  # {address of a word: the code address that was there}
    watched: list  # addresses of the words that lead elsewhere


def words_of(pid, esp):
    """The words of a process's stack from this address on; none, if it is not on its stack."""
    low, end = stack_range(kernel_data.process(pid))
    try:
        data = kernel_data.memory(esp, end - esp) if low <= esp < end else b""
    except gdb.GdbError:  # the process table is damaged
        data = b""
    return [int.from_bytes(data[at:at + 4], "little") for at in range(0, len(data), 4)]


def is_code(address):
    return symbol_address("kernel.text") <= address < symbol_address("kernel.etext")


def led(pid, left):
    """Whether another process has led this one, which is about to be switched in, elsewhere: the Led, or None."""
    saved = kernel_data.process(pid)["prstkptr"]
    prstkptr = int(saved) & WORD
    pairs = zip(left.words, words_of(pid, left.esp))
    originals = {left.esp + 4 * index: old for index, (old, new) in enumerate(pairs)
                 if old != new and is_code(old) and in_program(new)}
    beside, resumes = [], words_of(pid, prstkptr + RETURN)
    if prstkptr + RETURN != left.esp and resumes and in_program(resumes[0]):
        beside = [*range(prstkptr + RETURN, left.esp, 4), int(saved.address)]
        originals.setdefault(left.esp, left.words[0])
    return Led(left, originals, [*originals, *beside][:MOST_WATCHED]) if originals else None


# ---- how it is told ----


class Write(gdb.Breakpoint):
    """Notes the instructions that write to a word, and does not stop there."""

    def __init__(self, address, found):
        super().__init__(f"*(unsigned *) {address:#x}", gdb.BP_WATCHPOINT, gdb.WP_WRITE, internal=True)
        self.silent, self.found = True, found

    def stop(self):
        self.found.add(recorded.session.position() - 1)
        return False


def positions_of_writes(addresses, end):
    """The positions of the instructions that write to these words, from here on until this position."""
    found = set()
    places = [Write(address, found) for address in addresses]
    try:
        backwards.run(end)
    finally:
        for place in places:
            place.delete()
    return sorted(found)


def tell_led(moments, index):
    """From where the process is switched out, by what is written there, to where it is back."""
    moment, change = moments.all[index], moments.led[index]
    film = Film(moments.processes[moment.lane]["pid"], moments)
    film.seek(change.left.moment)
    tell_saved(film)
    mark = "written"
    for position in positions_of_writes(change.watched, moment.at):
        film.seek(dataclasses.replace(moments.before(position), at=position))
        film.snap(mark)
        mark = None
        gdb.execute("stepi", to_string=True)
    film.snap("rewritten")
    tell_resumption(film, moment, "chosen")
    with contextlib.suppress(gdb.GdbError):  # it does not come back before the recording ends
        tell_way_back(film, change)
    return film, dataclasses.replace(moment, at=change.left.moment.at), led_rules


def tell_way_back(film, change):
    """Each instruction, and of the functions that the program's code calls there each line, until the process is at the
    outermost of the addresses that were there."""
    slot = max(change.originals)
    mark, limit = None, len(film.steps) + MOST_STEPS
    while len(film.steps) < limit:
        if register("eip") == change.originals[slot] and register("esp") > slot and \
                kernel_data.current_pid() == film.pid:
            film.snap("home")
            return
        film.snap(mark)
        instruction, esp = Instruction(register("eip")), register("esp")
        if in_program(instruction.address) and in_program(instruction.target() or 0):
            film.enter_callback(instruction)
            film.steps.pop()  # the same moment is the first of the next round
            mark = "function returned"
        else:
            film.step()
            mark = "led" if instruction.name == "ret" and esp in change.watched else None
