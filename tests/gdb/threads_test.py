"""Processes as threads of gdb: tools/run/thread_proxy.py offers them, and the modules of tools/gdb use them."""

import os
import re
import subprocess
import tempfile
import unittest

from recorded import OneRecording
from session import ROOT, built, debug, program

DEADLOCK = "apps/broken/deadlock.c"
TO_THE_DEADLOCK = ["tbreak clkhandler if clkcountermsec == 200", "continue"]
TO_ALICE = ["process 3", "frame 0"]
THREAD = re.compile(r'^[* ] (\d+) +Thread (\d+)(?: "(.*)")?(?: \((.*?)\))? +(\S.*)$', re.MULTILINE)
EVERY_STEP = """python
for _ in range(40):
    gdb.execute("info threads")
    gdb.execute("stepi", to_string=True)
end"""


def listed(text):
    """{pid, or "CPU": (gdb's number, name, what it does, frame)} of what `info threads` prints."""
    return {"CPU" if thread == "1" else int(thread) - 1000: (int(number), name, does, frame)
            for number, thread, name, does, frame in THREAD.findall(text)}


class Threads(unittest.TestCase):
    def test_each_process_is_listed_once(self):
        session = debug(built(DEADLOCK), ["info threads", "break transfer", "continue", "info threads", "delete",
                                          *TO_THE_DEADLOCK, "info threads"])
        before, started, ended = map(listed, session.all("info threads"))
        self.assertEqual({who: about[1] for who, about in before.items()}, {"CPU": "CPU"})
        self.assertEqual(set(started), {"CPU", 0, 2})
        self.assertEqual(started["CPU"][:3], (1, "alice to bob", "process 3, running"))
        self.assertRegex(started["CPU"][3], r"^transfer \(from=\S+ <alice>")
        self.assertEqual(started[2][1:3], ("Main process", "process 2, ready"))
        self.assertRegex(started[2][3], r"^ctxsw \(\) at ")
        self.assertEqual({who: about[1:3] for who, about in ended.items()}, {
            "CPU": ("prnull", "process 0, running"), 3: ("alice to bob", "process 3, waiting"),
            4: ("bob to alice", "process 4, waiting")})
        self.assertRegex(session.all("continue")[0], r'^Thread 1 "alice to bob" hit Breakpoint 1, transfer ')

    def test_backtraces_of_all(self):
        session = debug(built(DEADLOCK), [*TO_THE_DEADLOCK, "thread apply all bt"])
        bob, alice, cpu = re.split(r"^Thread ", session["thread apply all bt"], flags=re.MULTILINE)[1:]
        for text, account in (bob, "bob"), (alice, "alice"):
            self.assertRegex(text, rf"(?s)#0 +ctxsw .* resched .* wait .* transfer \(from=0x\w+ <{account}>.* INITRET ")
        self.assertRegex(cpu, r"(?s)#0 +clkhandler .* nulluser .* _start ")

    def test_every_instruction_of_a_switch(self):
        """The CPU's thread is the process on whose stack it works, also between the change of currpid and that of
        ESP."""
        session = debug(program("gdb_queues"), ["break ctxsw if currpid == 3", "continue", EVERY_STEP])
        lists = [listed(text) for text in session[EVERY_STEP].split("  Id  ")[1:]]
        self.assertEqual(len(lists), 40)
        names = [sorted(name for _, name, _, _ in each.values()) for each in lists]
        self.assertEqual(names, [["Main process", "late", "prnull"]] * 40)
        running = [each["CPU"][1] for each in lists]
        begin = running.index("late")
        self.assertEqual(running, ["Main process"] * begin + ["late"] * (40 - begin))
        self.assertEqual({each[3][3] for each in lists[:begin]}, {lists[0][3][3]})
        self.assertRegex(lists[begin - 1]["CPU"][3], r"^0x\w+\tctxsw|ctxsw \(\)")

    def test_a_process_that_has_not_begun(self):
        session = debug(program("gdb_frames"), ["break ctxsw", "continue", "thread apply all bt"])
        self.assertRegex(session["thread apply all bt"],
                         r"#0 +ctxsw .*\n#1 +0x\w+ in .*startup \(\) at .*/initialize\.cpp:\d+\n")


class Registers(unittest.TestCase):
    def test_are_those_that_ctxsw_will_restore(self):
        saved = "((unsigned *)proctab[3].prstkptr)"
        session = debug(built(DEADLOCK), [
            *TO_THE_DEADLOCK, *TO_ALICE, "print $esp == proctab[3].prstkptr", "print $eax", "up",
            f"print (unsigned)$edi == {saved}[0]", f"print (unsigned)$ebp == {saved}[9]",
            f"print $eflags == {saved}[8]", "set $eax = 1234", f"print {saved}[7]", "frame 0", "set $esp = 1",
            "jump main", "thread"])
        self.assertEqual(session["print $esp == proctab[3].prstkptr"], "$1 = 1")
        self.assertEqual(session["print $eax"], "$2 = <unavailable>")
        for command in (f"print (unsigned)$edi == {saved}[0]", f"print (unsigned)$ebp == {saved}[9]",
                        f"print $eflags == {saved}[8]"):
            self.assertRegex(session[command], r"= (true|1)$")
        self.assertRegex(session[f"print {saved}[7]"], r"= 1234$")
        for command in "set $esp = 1", "jump main":
            self.assertIn("failure reply 'E.the process is switched out'", session[command])
        self.assertIn("Thread 1003", session["thread"])

    def test_selectors_are_those_of_kernel_code(self):
        selectors = [f"print ${name}" for name in ("cs", "ss", "ds", "es", "fs", "gs")]
        session = debug(built(DEADLOCK), [*TO_THE_DEADLOCK, *selectors, *TO_ALICE, *selectors])
        for command in selectors:
            cpu, process = session.all(command)
            self.assertEqual(cpu.partition("=")[2], process.partition("=")[2])

    def test_our_commands_are_about_the_cpu(self):
        commands = ("where", "kstack", "ps", "detour")
        session = debug(built(DEADLOCK), [*TO_THE_DEADLOCK, *commands, *TO_ALICE, *commands])
        for command in commands:
            self.assertEqual(*session.all(command))


class Resuming(unittest.TestCase):
    def test_a_process_that_is_switched_out_does_not_step(self):
        session = debug(built(DEADLOCK), [*TO_THE_DEADLOCK, "process 3", "next", "stepi", "finish", "advance main",
                                          "info locals", "tbreak clkhandler", "continue", "thread",
                                          "print clkcountermsec"])
        for command in "next", "stepi", "finish", "advance main":
            self.assertRegex(session[command], r"^Process 3 is switched out, and executes nothing\. `tbreak \*0x\w+ if "
                                               r"\$_running\(3\)` and `continue` lead")
        self.assertEqual(session["info locals"], "left = 93\ni = 0")
        self.assertRegex(session["continue"], r'^Thread 1 "prnull" hit Temporary breakpoint 2')
        self.assertIn("Thread 1)", session["thread"])
        self.assertEqual(session["print clkcountermsec"], "$1 = 201")

    def test_what_the_refusal_advises(self):
        session = debug(program("gdb_explain"), ["break planted", "continue", "process 3", "finish"])
        advice = re.search(r"`(tbreak .*?)`", session["finish"])[1]
        session = debug(program("gdb_explain"), ["break planted", "continue", advice, "continue", "bt 3"])
        self.assertRegex(session.all("continue")[1],
                         r'^Thread 1 "receiver" hit Temporary breakpoint 2, .*receiver \(\)')

    def test_a_breakpoint_for_one_process(self):
        session = debug(program("gdb_queues"), [
            "break look", "continue", "python import threads",
            "python gdb.execute(f'break resched thread {threads.of_process(4).num} if currpid == 4')",
            "break look thread 1", "info breakpoints", "continue", "print proctab[4].prstate", "info threads"])
        self.assertRegex(session["info breakpoints"], r"stop only if \$_running\(4\) && \(currpid == 4\)\n")
        self.assertNotIn("thread 1\n", session["info breakpoints"])
        self.assertRegex(session.all("continue")[1], r'^Thread 1 "early" hit Breakpoint 2, .*resched')
        self.assertEqual(session["print proctab[4].prstate"], "$1 = 0")  # it is ending
        self.assertEqual(listed(session["info threads"])["CPU"][1:3], ("early", "process 4, running"))


class Watchpoints(unittest.TestCase):
    def test_on_a_local_variable_of_a_process(self):
        session = debug(built("tests/gdb/locals.c"), [
            "break clkhandler if clkcountermsec == 20", "continue", "delete", "process 2", "watch -l total",
            "watch clkcountermsec", "delete", "watch total", "process", "watch uptime"])
        self.assertIn("say `watch -location total` instead", session["watch total"])
        for command in "watch -l total", "watch clkcountermsec", "watch uptime":
            self.assertNotIn("instead", session[command])


class Ring3(unittest.TestCase):
    """Processes 3 and 4 run two programs; the CPU is in one of them."""

    BEGIN = ("break handle_send", "continue", "continue")

    def test_memory_and_symbols_of_another_address_space(self):
        session = debug(program("gdb_programs"), [
            *self.BEGIN, "process 3", "info locals", "program", "up", "print *(unsigned *)$esp", "down",
            "set var changed = 7", "print changed", "x/2wx 0xbeffeffc", "process", "program", "bt", "process 3",
            "print changed"])
        self.assertRegex(session["process 3"], r"switched out\n#\d+ .* in main \(\) at .*message\.c")
        self.assertIn("changed = 0", session["info locals"])
        self.assertEqual(session["print *(unsigned *)$esp"], "$1 = 1")
        self.assertEqual([text.partition("=")[2] for text in session.all("print changed")], [" 7", " 7"])
        self.assertIn("Cannot access memory at address 0xbefff000", session["x/2wx 0xbeffeffc"])
        self.assertRegex(session.all("program")[0], r"(?m)^\* message$")
        self.assertRegex(session.all("program")[1], r"(?m)^\* sender$")
        self.assertRegex(session["bt"], r"main \(.*sender\.c")

    def test_a_watchpoint_is_for_one_address_space(self):
        """Another program, started later, writes to both addresses."""
        session = debug(program("gdb_programs"), [
            *self.BEGIN, "delete", "process 3", "watch -l changed", "watch -l callbacks", "watch -l proctab[3].prstate",
            "delete 4", "info breakpoints", "continue", "print callbacks", "continue"])
        self.assertIn("is for process 3", session["watch -l changed"])
        self.assertNotIn("is for process", session["watch -l proctab[3].prstate"])
        self.assertEqual(session["info breakpoints"].count("stop only if $_running(3)"), 2)
        hit, end = session.all("continue")[2:]
        self.assertRegex(hit, r'^Thread 1 "message" hit Hardware watchpoint 3: -location callbacks\n')
        self.assertEqual(session["print callbacks"], "$1 = 2")
        self.assertNotIn("watchpoint", end)

    def test_segment_registers(self):
        registers = "detour::user_registers._M_elems[3]"
        session = debug(program("gdb_programs"), [
            *self.BEGIN, f"set var {registers}.fs = 0x1b", f"set var {registers}.gs = 0x33", "process 3 print $fs",
            "process 3 print $gs", "process 3 print $ds", "print $fs == 0x1b"])
        self.assertEqual([session[f"process 3 print ${name}"] for name in ("fs", "gs", "ds")],
                         ["$1 = 27", "$2 = 51", "$3 = 35"])
        self.assertRegex(session["print $fs == 0x1b"], "= (0|false)$")

    def test_backtraces_name_no_function_of_another_program(self):
        session = debug(program("gdb_programs"), [*self.BEGIN, "thread apply all bt"])
        self.assertRegex(session["thread apply all bt"],
                         r"(?m)^#5 +0x\w+ in message: sleepms \(\) at user/lib/stubs\.S:\d+\n\n")
        self.assertRegex(session["thread apply all bt"], r"(?m)^#\d+ +0x\w+ in main \(argc=3.*sender\.c:\d+\n#")


class Damage(unittest.TestCase):
    def lists(self, *commands):
        """What is listed after these commands, by thread."""
        return listed(debug(program("gdb_queues"), ["break look", "continue", *commands, "info threads",
                                                    "thread apply all bt"])["info threads"])

    def test_names_are_text(self):
        found = self.lists("set var proctab[3].prname = \"<&>\\\"'\\001\\377\"", "set var proctab[4].prstate = 77")
        self.assertEqual(found[3][1], "<&>\"'??")
        self.assertEqual(found[4][2], "process 4, state 77?")

    def test_garbage_for_the_counters(self):
        for command in "set var prcount = -1", "set var prcount = 0x7fffffff":
            self.assertEqual(self.lists(command), self.lists())
        self.assertEqual(set(self.lists("set var prcount = 0")), {"CPU"})
        nobody = self.lists("set var currpid = 12345", "set var proctab[2].prstkbase = 0")
        self.assertEqual(nobody["CPU"][1:3], ("CPU", ""))
        self.assertEqual(nobody[2][1:3], ("Main process", "process 2, current"))

    def test_what_is_said_of_a_process_without_a_thread(self):
        session = debug(program("gdb_queues"), ["break look", "continue", "set var prcount = 0", "process 3"])
        self.assertRegex(session["process 3"], r"^gdb has no thread for process 3: .* or `prcount` is damaged$")

    def test_a_stack_overflow(self):
        """A double fault is a task of its own, with its own stack."""
        session = debug(built("apps/broken/stack_overflow.c"), [
            "break double_fault_handler", "continue", "info threads", "process 2", "process 3", "thread",
            "process 3 frame function double_fault_entry"])
        self.assertEqual(listed(session["info threads"])["CPU"][1:3], ("climber", "process 3, running"))
        self.assertRegex(session["process 3"],
                         r"^process 3 \(climber\) is current, but ESP lies on no process's stack\n"
                         r"#0 +double_fault_handler \(\) at ")
        self.assertIn("(Thread 1)", session["thread"])
        self.assertIn("double_fault_entry ()", session["process 3 frame function double_fault_entry"])

    def test_a_table_full_of_ones(self):
        found = self.lists("python gdb.selected_inferior().write_memory(int(gdb.parse_and_eval('(long)&proctab')), "
                           "b'\\377' * 12800)")
        self.assertEqual(set(found) - set(range(100)), {"CPU"})

    def test_an_image_without_debug_information(self):
        with tempfile.TemporaryDirectory() as folder:
            bare = os.path.join(folder, "bare.elf")
            subprocess.run(["objcopy", "--strip-debug", program("gdb_queues"), bare], check=True)
            session = debug(bare, ["break look", "continue", "info threads"], setup=None)
        self.assertEqual(set(listed(session["info threads"])), {"CPU"})

    def test_a_gdb_that_is_connected_to_qemu_itself(self):
        session = debug(program("gdb_queues"), ["break look", "continue", "process 3", "ps", "kstack 3"], direct=True)
        self.assertIn("gdb has no thread for process 3: it is connected to QEMU itself", session["process 3"])
        self.assertRegex(session["ps"], r"(?m)^ +3 +late +sleeping")
        self.assertIn("return address of sleeper", session["kstack 3"])


class InARecording(OneRecording):
    @classmethod
    def image(cls):
        return built(DEADLOCK)

    options = ("--deterministic", "--limit", "300")

    def test_they_go_back_and_forth(self):
        answers = self.rewind("info threads", "break transfer", "reverse-continue", "info threads", "reverse-stepi",
                              "reverse-continue", "info threads", "process 2", "reverse-stepi", "reverse-continue",
                              "seek msec 200", "info threads", "reverse-continue", "reverse-continue", "seek -1",
                              "info threads")
        self.assertEqual(set(listed(answers[0])), {"CPU", 3, 4})
        self.assertEqual({who: about[1] for who, about in listed(answers[3]).items()},
                         {"CPU": "bob to alice", 0: "prnull", 2: "Main process", 3: "alice to bob"})
        self.assertEqual(listed(answers[6])["CPU"][1], "alice to bob")
        self.assertIn("Process 2 is switched out", answers[8])
        self.assertIn("beginning of the recording", answers[9])
        self.assertEqual(listed(answers[11])["CPU"][:2], (1, "prnull"))
        self.assertEqual({who: about[0] for who, about in listed(answers[15]).items()}, {"CPU": 1, 0: 2, 2: 3})


if __name__ == "__main__":
    unittest.main()
