"""make debug as its user sees it: the console among gdb's text and in its windows, run and start, typing, and
messages."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from session import ROOT, debug, port_for_editor, program, without_echo
from terminal import Terminal

TOOL = ROOT / "tools" / "run" / "debug.py"
SECONDS = 100
ENVIRONMENT = {**{name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
               "GDBFLAGS": "", "DEBUGINFOD_URLS": "", "LANG": "C.UTF-8"}
END = "All user processes have completed."


def live(image, *commands, options=(), code=None):
    """The output of `make debug` when gdb carries out these commands."""
    arguments = [part for command in commands for part in ("-ex", command)]
    done = subprocess.run([sys.executable, TOOL, *options, image, "--", "-batch", *arguments], cwd=ROOT,
                          env=ENVIRONMENT,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=SECONDS, check=False)
    if code is not None and done.returncode != code:
        raise AssertionError(f"exit code {done.returncode}:\n{done.stdout}")
    return done.stdout


def terminal(image, *options):
    return Terminal([sys.executable, str(TOOL), *options, str(image)], ENVIRONMENT, SECONDS)


@unittest.skipUnless(shutil.which("gdb"), "gdb is not installed")
class Live(unittest.TestCase):
    def assert_order(self, text, *patterns):
        self.assertRegex(text, "(?s)" + ".*".join(patterns))

    def test_the_console_is_among_the_text_of_gdb(self):
        text = live(program("gdb_travel"), "break work", "continue", "print c", "delete", "continue",
                    options=("--input", self.file("q")))
        self.assert_order(without_echo(text, "q"), r"\ntype now\n+Thread 1 .* hit Breakpoint 1, work \(c=113\)",
                          r"\$1 = 113", r"\n113 at msec", END)
        self.assertNotIn("\r", text)

    def file(self, text):
        file = tempfile.NamedTemporaryFile("w")
        self.addCleanup(file.close)
        file.write(text)
        file.flush()
        return file.name

    def test_run_begins_again_before_the_end_and_behind_it(self):
        text = live(program("gdb_travel"), "break work if c == 122", "run", "print $bpnum", "run", "info args",
                    "disable", "continue", "enable", "run", "info args", options=("--input", self.file("qz")))
        text = without_echo(text, "qz")
        self.assertEqual(text.count("Breakpoint 1, work (c=122)"), 3)
        self.assertEqual(text.count("type now\n"), 3)
        self.assertEqual(len(re.findall(r"^c = 122$", text, re.MULTILINE)), 2)
        self.assert_order(text, END, "type now", "Breakpoint 1, work")
        self.assertNotIn("Starting program", text)

    def test_start(self):
        text = live(program("hello"), "start", "bt", "continue", "start", "info breakpoints")
        self.assert_order(text, r"Temporary breakpoint 1, main", END, "Temporary breakpoint 2, main", "No breakpoints")

    def test_a_watchpoint_stays_and_means_the_new_machine(self):
        text = live(program("spin"), "watch clkcountermsec if clkcountermsec == 5", "run", "run")
        self.assertEqual(len(re.findall(r"Old value = 4\nNew value = 5\n", text)), 2)

    def test_gdb_alone_never_starts_the_kernel_on_this_computer(self):
        session = debug(program("hello"), ["start", "continue", "run", "starti", "ps"])
        self.assertIn("Temporary breakpoint 1, main", session["start"])
        self.assertEqual(session["run"], "this gdb has not started the machine, and cannot start it again: end the "
                                         "session, and begin another")
        for command in "run", "starti":
            self.assertNotIn("Starting program", session[command])
        self.assertEqual(session["ps"], "there is no machine; connect gdb to one, or say `make debug`")

    def test_typing(self):
        text = live(program("gdb_travel"), "type q", "type -n z", "type ^D", "break work if c == 'z'", "continue",
                    "delete", "type ^D", "continue", "type c")  # the first ^D only ends the line
        text = without_echo(text, "qz\n")
        self.assert_order(text, "113 at msec", "10 at msec", "Breakpoint 1, work", "122 at msec", END,
                          "there is no machine to type to")
        self.assertEqual(text.count(" at msec"), 3)

    def test_a_time_limit(self):
        text = live(program("spin"), "continue", options=("--timeout", "3"), code=14)
        self.assertIn("run: time-out: the session was ended after 3 seconds\n", text)

    def test_a_machine_that_answers_late(self):
        text = live(program("hello"), "python import os, signal, threading; us = os.getpid(), os.getppid()",
                    "python children = open(f'/proc/{us[1]}/task/{us[1]}/children').read().split()",
                    "python qemu, = (int(pid) for pid in children if int(pid) != us[0])",
                    "python os.kill(qemu, signal.SIGSTOP)",
                    "python threading.Timer(8, os.kill, (qemu, signal.SIGCONT)).start()",
                    "x/2xw 0x500000", "x/2xw &proctab")
        self.assert_order(text, "0x500000:\t0x00000000", "<proctab>:\t0x")

    def test_input_for_the_machine_of_an_editor(self):
        port = str(port_for_editor())
        with subprocess.Popen([sys.executable, TOOL, "--gdb", port, "--input", self.file("q"), program("gdb_travel")],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as tool:
            self.addCleanup(tool.kill)
            self.assertIn("waiting for gdb", tool.stdout.readline())
            subprocess.run(["gdb", "-nx", "-batch", program("gdb_travel"), "-ex", f"target remote 127.0.0.1:{port}",
                            "-ex", "continue"],
                           capture_output=True, env=ENVIRONMENT, timeout=SECONDS, check=False)
            self.assert_order(tool.stdout.read(), "113 at msec", END)

    def test_the_first_stop_is_where_the_kernel_begins(self):
        text = live(program("hello"), "stepi", "bt", "print $_")
        self.assert_order(text, r"#0  _start \(\) at \S*boot.S:", r"boot.S:\d+\n")
        self.assertNotIn("??", text)

    def test_a_breakpoint_at_a_call_is_in_the_call(self):
        calls = {"send": "message", "kill": "process", "cbsignal": "callback", "sleepms": "sleep", "freemem": "memory",
                 "write": "device", "wait": "semaphore"}
        session = debug(program("gdb_travel"), [*(f"break {call}" for call in calls), "info breakpoints", "continue"])
        for call, file in calls.items():
            enabled = re.findall(rf"y +0x\w+ in {call}(?:\(.*\))? at \S*/(system/\S+):\d+", session["info breakpoints"])
            self.assertEqual(enabled, [f"system/{file}.cpp"])
        self.assertNotIn("interrupt_guard", session["info breakpoints"])
        self.assertEqual(len(re.findall(r"y +0x", session["info breakpoints"])), len(calls))
        self.assertRegex(session["continue"], r"Breakpoint \d, \w+ \(.*\) at \S*/system/\w+\.cpp:\d+")
        self.assertIn("Only write() itself", session["break write"])

    def test_no_way_back_is_said_with_the_way_that_there_is(self):
        for command in ("reverse-stepi", "reverse-continue", "reverse-next"):
            self.assertIn("`make record APP=...` records a run, `make rewind` goes back in it.\n",
                          live(program("hello"), command))

    def test_the_list_of_commands(self):
        text = live(program("hello"), "help detour-commands")
        named = re.findall(r"^([a-z]+) +[A-Z]\w+ ", text, re.MULTILINE)
        self.assertEqual(sorted(named), sorted(["ps", "ready", "sleeping", "semaphores", "program", "kstack", "bt",
                                                "where", "detour",
                                                "run", "start", "type", "seek", "wrote", "calls",
                                                "process", "timeline"]))

    def test_the_windows_of_gdb_stay_whole(self):
        with terminal(program("gdb_travel"), "--input", self.file("qz")) as screen:
            screen.until(r"\(gdb\)$")
            screen.type("break work if c == 'z'")
            screen.until(r"Breakpoint 1 at")
            screen.type("layout split")
            before = screen.until(r"(?s)boot\.S.*\(gdb\)$")
            screen.type("continue")
            after = screen.until(r"(?s)Breakpoint 1, work.*\(gdb\)$")
            screen.type("quit")
        # the status line is below the windows of source and instructions
        windows, _, commands = after.rpartition("remote")
        commands = without_echo(commands, "qz")
        self.assertIn("gdb_travel.c", windows)
        for line in "type now", "113 at msec":
            self.assertNotIn(line, windows)
            self.assertRegex(commands, rf"(?m)^{line}")
        self.assertNotEqual(before, after)

    def test_what_is_said_on_a_terminal(self):
        with terminal(program("spin")) as screen:
            text = screen.until(r"\(gdb\)$")
            self.assert_order(text, r"`start` leads to", "`help detour-commands` lists", r"_start \(\) at")
            screen.type("stepi")
            self.assertIn("a live machine takes no interrupts", screen.until(r"(?s)stepi\n.*\(gdb\)$"))
            screen.type("quit")

    def test_a_prompt_while_the_machine_runs(self):
        with terminal(program("spin")) as screen:
            screen.until(r"\(gdb\)$")
            screen.type("continue &")
            self.assertNotIn("symbols", screen.until(r"(?s)Continuing.*spinning"))
            screen.type("interrupt")
            self.assertNotIn("symbols", screen.until("SIGINT"))
            screen.type("quit")


if __name__ == "__main__":
    unittest.main()
