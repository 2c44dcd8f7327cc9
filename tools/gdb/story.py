"""Writes the story of a recording: its moments, and each detour instruction by instruction. It is loaded by
tools/run/record_page.py.

docs/pictures.md describes the format. Words, registers and the like are those of the step where they differ from the
step before, and the step before has the rest: a story is small so.
"""

import json
import os
import sys
import traceback

import gdb

import kernel_data
import native
import protocols
import recorded
from chapters import chapters, return_rules, tick_rules, user_rules
from entry import tell_entry, tell_resumption, tell_saving
from film import Film, interrupted
from kernel_data import register, symbol_address, word
from led import tell_led
from moments import Moments
from quiet import quiet

FORMAT, VERSION = "detour-story", 1
MOST = 10  # detours that are told


class Console:
    """How many characters the replaying machine has written to this file."""

    def __init__(self, path):
        self.path = path

    def __call__(self):
        return os.path.getsize(self.path)


# ---- one detour ----


def tell_tick(moments, index):
    """The detour through clkdisp that this moment, the arrival in cbfmanager, is part of."""
    iret = moments.all[index]
    tick = moments.last(index, "tick", lane=iret.lane)
    film = Film(moments.processes[iret.lane]["pid"], moments)
    tell_entry(film, tick)
    film.until_home(*interrupted())
    return film, tick, tick_rules


def tell_user(moments, index):
    """The detour of a process in ring 3, from the interrupt or the system call that it leaves for its callback."""
    diverted, begin = moments.all[index], moments.begins[index]
    film = Film(moments.processes[diverted.lane]["pid"], moments)
    tell_entry(film, begin)
    fast = register("eip") == symbol_address("sysenter_entry")
    film.until_home(*((register("edx"), register("ecx")) if fast else interrupted()))
    return film, begin, user_rules


def tell_return(moments, index):
    """The detour that began with the return of sleepms() into cbfreturn, from the call of sleepms() on."""
    arrival = moments.all[index]
    film = Film(moments.processes[arrival.lane]["pid"], moments)
    sleep = moments.last(index, "sleep", lane=arrival.lane)
    tell_falling_asleep(film, sleep)
    sends = [moment for moment in moments.all[moments.all.index(sleep):index]
             if moment.what == "send" and moment.to == arrival.lane]
    if sends:
        film.seek(sends[0])
        film.changes(word(register("esp")), "sent")
    tell_waking(film, moments.last(index, "switch", to=arrival.lane))
    original = kernel_data.process(film.pid)["prdetour"]["original"]
    film.until_home(int(original) & kernel_data.WORD, register("esp"))
    return film, sleep, return_rules


def tell_falling_asleep(film, sleep):
    film.seek(sleep, back=1)
    film.snap()
    gdb.execute("stepi", to_string=True)
    film.snap("called")
    tell_saving(film)


def tell_waking(film, switch):
    tell_resumption(film, switch, "woken")
    film.until(lambda: register("eip") == symbol_address("cbfreturn"))


TELLERS = {"iret": ("tick", tell_tick), "return": ("return", tell_return), "user": ("user", tell_user),
           "led": ("led", tell_led)}


# ---- the format ----


class Packer:
    """Makes numbers of what is repeated, and differences of what changes little."""

    def __init__(self):
        self.roles, self.functions, self.paths = {}, {}, {}

    @staticmethod
    def number(table, key):
        return table.setdefault(key, len(table))

    def steps(self, steps):
        packed, before = [], {"words": {}, "frames": None, "entry": {}, "registers": [None] * 10}
        for step in steps:
            now = self.state(step)
            packed.append(self.step(step, now, before))
            before = now
        return packed

    def state(self, step):
        return {"words": {address: (value, kind, self.number(self.roles, role))
                          for address, value, kind, role in step["words"]},
                "frames": [[self.number(self.functions, (frame["name"], frame["side"])), frame["esp"], frame["cfa"]]
                           for frame in step["frames"]],
                "entry": step["entry"], "registers": step["registers"]}

    def step(self, step, now, before):
        packed = {name: step[name] for name in ("at", "msec", "by", "eip", "insn", "place", "esp", "console")}
        if step["running"]:
            packed["running"] = 1
        if step["ring"]:
            packed["ring"] = step["ring"]
        if "hardware" in step:
            packed["hardware"] = step["hardware"]
        if step["source"]:
            path, line = step["source"]
            packed["line"] = [self.number(self.paths, path), line]
        packed["words"] = [[address, *rest] for address, rest in now["words"].items()
                           if before["words"].get(address) != rest]
        packed["gone"] = [address for address in before["words"] if address not in now["words"]]
        if now["frames"] != before["frames"]:
            packed["frames"] = now["frames"]
        packed["entry"] = {name: value for name, value in now["entry"].items() if before["entry"].get(name) != value}
        packed["registers"] = {i: value for i, (value, old) in enumerate(zip(now["registers"], before["registers"]))
                               if value != old}
        return {name: value for name, value in packed.items() if value not in ([], {})}

    def sources(self, names):
        """The texts of the files that steps refer to, by the names that the reader knows them by."""
        files = []
        for path in self.paths:
            try:
                with open(path, encoding="utf-8", errors="replace") as file:
                    lines = file.read().split("\n")
            except OSError:
                lines = []
            files.append({"name": names(path), "lines": lines})
        return files


def shown_name(origins, folder):
    """A function: the name of a source file relative to the project or the program."""
    root = os.path.join(folder, "sources")

    def name(path):
        path = path[len(root):] if path.startswith(root) else path
        base = os.path.commonpath(origins) if origins else "/"
        return os.path.relpath(path, base) if path.startswith(base) else path
    return name


def tell(kind, teller, packer, *where):
    """One story in the format; None if it cannot be told."""
    try:
        found = teller(*where)
    except (gdb.error, gdb.GdbError, AttributeError) as error:
        gdb.write(f"page: a story ({kind}) is left out: {error}\n", gdb.STDERR)
        return None
    if found is None:
        return None
    film, first, rules = found
    gdb.write(f"page: {kind}: {len(film.steps)} steps\n", gdb.STDERR)
    return {"kind": kind, "lane": first.lane if first.what != "switch" else first.to, "pid": film.pid,
            "begin": first.at, "end": film.steps[-1]["at"], "chapters": chapters(film.steps, rules),
            "steps": packer.steps(film.steps)}


def told(moments, packer):
    """The stories: of the first detours; the moments of the others are among the moments anyway. Then what is no
    detour."""
    detours = [(index, *TELLERS[moment.what]) for index, moment in enumerate(moments.all) if moment.what in TELLERS]
    stories = [tell(kind, teller, packer, moments, index) for index, kind, teller in detours[:MOST]]
    stories += [tell(kind, teller, packer, moments) for kind, teller in protocols.TELLERS.items()]
    return [each for each in stories if each is not None]


def story(console, about, origins, folder):
    moments = Moments(Console(console)).find()
    packer = Packer()
    stories = told(moments, packer)
    return {"format": FORMAT, "version": VERSION, **about, "end": recorded.session.end, "kinds": native.KINDS,
            "registers": [*native.REGISTERS, "eflags"], "processes": moments.processes,
            "complete": moments.complete, "moments": [moment.fields() for moment in moments.all],
            "stories": stories, "roles": list(packer.roles), "functions": list(map(list, packer.functions)),
            "files": packer.sources(shown_name(origins, folder))}


def write(output, console, about, origins, folder):
    """Writes the story to this file and ends gdb; its exit code tells whether that went well."""
    try:
        gdb.execute("set print asm-demangle on")
        with quiet():
            result = story(console, about, origins, folder)
        with open(output, "w", encoding="utf-8") as file:
            json.dump(result, file, separators=(",", ":"))
        code = 0
    except Exception:  # pylint: disable=broad-except
        traceback.print_exc(file=sys.stderr)
        code = 1
    gdb.execute(f"quit {code}")
