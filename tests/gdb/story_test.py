"""make page, on the tour: its story says at each step what kstack says, and the page is one file that needs no
other."""

import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from session import ROOT, built

PAGE, STEPS = ROOT / "tools" / "run" / "record_page.py", ROOT / "tests" / "gdb" / "story_steps.py"
SECONDS = 200
MOST_BYTES = 300_000
WORD = re.compile(r"  ([0-9a-f]{8})  ([0-9a-f]{8})  (.*)")
REPEATED = re.compile(r" +\(the same (\d+) times more\)")
SEPARATE = ("EAX", "ECX", "EDX", "EBX", "ESP", "EBP", "ESI", "EDI")


def kstack_words(text):
    """{address: (value, role)} of what kstack prints."""
    words, last = {}, None
    for line in text.splitlines():
        if match := WORD.fullmatch(line):
            last = int(match[1], 16)
            words[last] = (int(match[2], 16), match[3])
        elif match := REPEATED.fullmatch(line):
            for _ in range(int(match[1])):
                words[last + 4] = words[last]
                last += 4
    return words


def unfolded(story, detour):
    """The words of each step: {address: (value, role, kind)}."""
    words = {}
    for step in detour["steps"]:
        words = {address: word for address, word in words.items() if address not in step.get("gone", [])}
        words |= {address: (value, story["roles"][role], story["kinds"][kind])
                  for address, value, kind, role in step.get("words", [])}
        yield words


def registers(detour):
    """The registers of each step."""
    values = {}
    for step in detour["steps"]:
        values = values | {int(index): value for index, value in step.get("registers", {}).items()}
        yield values


def symbol_table(image):
    """The symbols of an image: {name: address}."""
    lines = subprocess.run(["nm", image], capture_output=True, text=True, check=True).stdout.splitlines()
    return {name: int(address, 16) for address, _, name in (line.split() for line in lines if line[0] != " ")}


class References(html.parser.HTMLParser):
    """What a page would load from elsewhere."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes
                       if name in ("src", "srcset", "data", "action", "href") and not value.startswith(("#", "data:"))]


def made(app, ring=0):
    """The page of a program and its story, with what kstack says."""
    with tempfile.TemporaryDirectory() as folder:
        page, story = pathlib.Path(folder, "page.html"), pathlib.Path(folder, "story.json")
        done = subprocess.run(
            [sys.executable, PAGE, "--output", page, "--story", story, "--script", STEPS, built(app, ring)],
            timeout=SECONDS, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            env={**os.environ, "DETOUR_RECORDINGS": folder, "APP": app})
        if done.returncode != 0 or "left out" in done.stderr:
            raise AssertionError(done.stderr)
        return page.read_text(encoding="utf-8"), json.loads(story.read_text(encoding="utf-8"))


@unittest.skipUnless(shutil.which("gdb") and shutil.which("qemu-img"), "gdb or qemu-img is not installed")
class Story(unittest.TestCase):
    def assert_each_step_is_what_kstack_says(self, story):
        for detour in story["stories"]:
            for number, (step, words) in enumerate(zip(detour["steps"], unfolded(story, detour))):
                self.assertEqual({address: word[:2] for address, word in words.items()}, kstack_words(step["kstack"]),
                                 f"{detour['kind']}, step {number}")

    def assert_all_is_restored(self, story, detour):
        """After the detour, the process has the registers and the words that it had before."""
        for states in (registers(detour), unfolded(story, detour)):
            first, *_, last = states
            self.assertEqual(first, last)


class Tour(Story):
    @classmethod
    def setUpClass(cls):
        cls.page, cls.story = made("apps/tour")
        cls.tick, cls.sleep, cls.boot, cls.first, cls.switch = cls.story["stories"]

    def test_each_step_is_what_kstack_says(self):
        self.assert_each_step_is_what_kstack_says(self.story)

    def test_kinds_are_those_of_the_words(self):
        for detour in self.story["stories"]:
            for _, role, kind in {word for words in unfolded(self.story, detour) for word in words.values()}:
                if role.endswith("'s own"):
                    self.assertEqual(kind, "own", role)
                if "planted" in role:
                    self.assertEqual(kind, "planted", role)
                if "second frame" in role:
                    self.assertEqual(kind, "second", role)
                if role.startswith("claimed"):
                    self.assertEqual(kind, "claimed", role)
                if "pushed by" in role:
                    self.assertEqual(kind, "frame", role)
                if role.startswith(tuple(SEPARATE)) and "saved by" in role:
                    self.assertEqual(kind, "saved", role)

    def test_the_interrupted_process_is_back_with_all_its_registers(self):
        self.assert_all_is_restored(self.story, self.tick)

    def test_a_word_is_planted_and_leads_back_behind_the_call(self):
        planted = [step for step, words in zip(self.sleep["steps"], unfolded(self.story, self.sleep))
                   if any(kind == "planted" for _, _, kind in words.values())]
        self.assertEqual(self.story["processes"][planted[0]["by"]]["name"], "sender")
        self.assertTrue(planted[0]["place"].startswith("detour::message_arrived"), planted[0]["place"])
        self.assertTrue(planted[-1]["place"].startswith("sleepms"), planted[-1]["place"])
        self.assertIn("receiver+", self.sleep["steps"][-1]["place"])

    def test_chapters(self):
        titles = [[title for _, title, _ in detour["chapters"]] for detour in self.story["stories"]]
        self.assertIn("A second frame", titles[0])
        self.assertIn("The return address is rewritten", titles[1])
        for detour in self.story["stories"]:
            firsts = [first for first, _, _ in detour["chapters"]]
            self.assertEqual(firsts, sorted(set(firsts)))
            self.assertIn(detour["chapters"][-1][1], ("The process is back", "It begins", "The null process runs"))
            positions = [step["at"] for step in detour["steps"]]
            self.assertEqual(positions, sorted(positions))

    def test_the_boot_is_in_three_columns(self):
        """What the hardware is told, with the values of this image; the order is that of the protocol of limited direct
        execution."""
        self.assertEqual(self.boot["kind"], "boot")
        steps = self.boot["steps"]
        effects = [step["hardware"] for step in steps if "hardware" in step]
        symbols = symbol_table(built("apps/tour"))
        tables = {name: f"{symbols[f'_ZN6detour4arch12_GLOBAL__N_1{len(name)}{name}E']:08x}"
                  for name in ("gdt", "idt", "page_directory")}
        expected = [rf"lgdt: .*\({tables['gdt']}, 7 desc", r"ltr: .*selector 0x28",
                    rf"lidt: .*\({tables['idt']}, 256 gates\): 32 leads to clkdisp, 48 leads to system_call_entry",
                    rf"CR3: .*\({tables['page_directory']}\)",
                    "CR0: 00000011 becomes 80010011; turns on paging and write",
                    "controller 1 takes 0x11 at port 0x20: begins anew", "vectors from 32 on", "vectors from 40 on",
                    "controller 2 takes 0xff at port 0xa1: lets nothing", "lets only line 2 through",
                    "lets only lines 0, 2 through", "timer takes 0x34 at port 0x43: channel 0 shall interrupt again",
                    r"starts; interrupts every 1193 periods of 1193182 Hz, which is 1\.000 msec",
                    "popfl: .*interrupts are on", "sti: lets interrupts in", "hlt: "]
        self.assertRegex("\n".join(effects), "(?s)^" + ".*".join(f"(?-s:[^\n]*{each})" for each in expected))

    def test_interrupts_are_masked_until_the_first_process_begins(self):
        flags = self.story["registers"].index("eflags")
        states = list(registers(self.boot))
        begins = next(i for i, step in enumerate(self.boot["steps"]) if step["insn"] == "popfl" and i > 10)
        self.assertEqual({values[flags] & 0x200 for values in states[1:begins + 1]}, {0})
        self.assertEqual(states[begins + 1][flags] & 0x200, 0x200)
        lane = self.boot["steps"][begins]["by"]
        self.assertEqual(self.story["processes"][lane], {"pid": 1, "name": "Startup process"})

    def test_the_boot_has_the_stack_of_the_null_process(self):
        first, *_, last = unfolded(self.story, self.boot)
        top = symbol_table(built("apps/tour"))["null_stack_top"] - 4
        self.assertEqual(list(first), [top])
        self.assertIn("STACKMAGIC should be", first[top][1])
        self.assertEqual(last[top][:2], (0x0A0AAAA9, "STACKMAGIC, at prstkbase"))
        sources = [self.story["files"][step["line"][0]]["name"] for step in self.boot["steps"]]
        for name in ("boot/boot.S", "cpu/idt.cpp", "cpu/paging.cpp", "device/pic.cpp", "device/pit.cpp"):
            self.assertIn(f"arch/x86/{name}", sources)

    def test_the_first_run_begins_with_what_create_has_written(self):
        self.assertEqual(self.first["kind"], "first")
        steps = list(unfolded(self.story, self.first))
        saved = [role for _, role, _ in steps[0].values() if "saved by ctxsw" in role or "ctxsw itself" in role]
        self.assertEqual(len(saved), 9)  # EFLAGS and eight registers
        self.assertEqual([step["insn"].split()[0] for step in self.first["steps"][:-1]],
                         ["popal", "popfl", "pop", "ret"])
        self.assertIn("main+0x0", self.first["steps"][-1]["place"])

    def test_another_process_gets_the_cpu_at_a_tick(self):
        self.assertEqual(self.switch["kind"], "switch")
        self.assert_all_is_restored(self.story, self.switch)
        titles = [title for _, title, _ in self.switch["chapters"]]
        self.assertEqual(titles, ["The process runs", "The clock interrupts it", "All registers are saved",
                                  "Another process is due", "It is switched out", "It is its turn again",
                                  "The registers come back", "The process is back"])

    def test_moments(self):
        self.assertEqual((self.story["format"], self.story["version"]), ("detour-story", 1))
        self.assertTrue(self.story["complete"])
        self.assertEqual([moment["what"] for moment in self.story["moments"]
                          if moment["what"] in ("send", "iret", "return")].count("iret"), 1)

    def test_the_page_needs_nothing_else(self):
        without_kstack = re.sub(r',"kstack":"[^"]*"', "", self.page)
        self.assertNotIn("kstack\":", without_kstack)
        self.assertLess(len(without_kstack.encode()), MOST_BYTES)
        references = References()
        references.feed(self.page)
        self.assertEqual(references.found, [])
        self.assertNotRegex(self.page, r"@import|url\((?!#)|fetch\(|XMLHttpRequest|import\(|\{\{")


class Hijack(Story):
    """A program that leads a sleeping process elsewhere, twice in one sleep."""

    @classmethod
    def setUpClass(cls):
        cls.page, cls.story = made("apps/hijack")
        cls.led = cls.story["stories"][0]

    def test_each_step_is_what_kstack_says(self):
        self.assert_each_step_is_what_kstack_says(self.story)

    def test_chapters(self):
        self.assertEqual([told["kind"] for told in self.story["stories"]].count("led"), 1)
        self.assertEqual(self.story["processes"][self.led["lane"]], {"pid": 3, "name": "sleeper"})
        self.assertEqual([title for _, title, _ in self.led["chapters"]],
                         ["ctxsw saves the process", "It is switched out", "Another process writes on its stack",
                          "It is its turn again", "It goes where the word leads", "A function of the program runs",
                          "The process is back"])

    def test_who_writes(self):
        writes = [step for step in self.led["steps"] if self.story["processes"][step["by"]]["name"] == "Main process"
                  and re.match("divert|detour", step["place"])]
        self.assertEqual([step["place"].split("+")[0] for step in writes], ["divert"] + ["detour"] * 4)
        for step in writes:
            self.assertNotIn("running", step)
        states = list(unfolded(self.story, self.led))
        after = self.led["steps"].index(writes[0]) + 1
        changed = [role for address, (value, role, _) in states[after].items()
                   if states[after - 1].get(address, (value,))[0] != value]
        self.assertIn("return address of sleepms: divert_entry+0x0", [role.split(" (")[0] for role in changed])

    def test_the_way_back(self):
        places = [step["place"].split("+")[0] for step in self.led["steps"]]
        order = ["ctxsw", "divert", "detour", "ctxsw", "detour_entry", "on_the_way", "detour_entry", "resched",
                 "sleepms", "divert_entry", "run_diversion", "divert_entry", "sleeper"]
        self.assertEqual([place for i, place in enumerate(places) if places[i - 1:i] != [place]], order)
        first, *_, last = unfolded(self.story, self.led)
        kept = {address: word[0] for address, word in last.items()}
        self.assertEqual({address: word[0] for address, word in first.items() if address in kept}, kept)


class Ring3(Story):
    @classmethod
    def setUpClass(cls):
        _, cls.story = made("apps/examples/alarm.c", 3)

    def test_each_step_is_what_kstack_says(self):
        self.assert_each_step_is_what_kstack_says(self.story)

    def test_both_stacks_and_the_way_back(self):
        detours = [told for told in self.story["stories"] if told["kind"] == "user"]
        self.assertEqual([told["kind"] for told in self.story["stories"]],
                         ["user"] * 3 + ["boot", "first", "switch", "trap"])
        for detour in detours:
            self.assert_all_is_restored(self.story, detour)
            self.assertEqual({step.get("ring", 0) for step in detour["steps"]}, {0, 3})
            titles = [title for _, title, _ in detour["chapters"]]
            self.assertEqual(titles[2:5], ["The registers move to the process's own stack", "In the return page",
                                           "The callback runs"])

    def test_a_system_call_comes_back_with_its_result(self):
        trap, = (told for told in self.story["stories"] if told["kind"] == "trap")
        self.assertEqual([title for _, title, _ in trap["chapters"]],
                         ["The process makes a system call", "The kernel is entered", "The call returns"])
        first, *_, last = registers(trap)
        self.assertEqual([trap["steps"][i].get("ring", 0) for i in (0, 1, -2, -1)], [3, 0, 0, 3])
        kept = ("ebx", "esi", "edi", "ebp")
        self.assertEqual(*([values[self.story["registers"].index(name)] for name in kept] for values in (first, last)))


if __name__ == "__main__":
    unittest.main()
