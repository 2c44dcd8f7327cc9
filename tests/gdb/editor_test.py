"""The configurations of .vscode, without an editor: starts the same tasks, and sends gdb what the C/C++ extension
sends.

For a "cppdbg" configuration with miDebuggerServerAddress that is, in this order: the setupCommands, the working folder,
the program, the connection, a breakpoint at main (stopAtEntry), and -exec-continue. (MIEngine, DebuggedProcess.cs.)
"""

import contextlib
import json
import os
import re
import selectors
import shutil
import signal
import subprocess
import time
import unittest

from session import ROOT, port_for_editor

SECONDS = 240  # for a task, which may have to build; other jobs may keep the machine busy
OPEN_FILE = "tests/gdb/ring3_program.c"


def configured(name, **variables):
    """A file of .vscode, with the editor's variables, and with a port that differs from the one a person may be
    using."""
    text = (ROOT / ".vscode" / name).read_text(encoding="utf-8")
    for variable, value in variables.items():
        text = text.replace("${" + variable + "}", str(value))
    return json.loads(text)


class Lines:
    """What a process writes, line by line, with a time limit."""

    def __init__(self, process, seconds):
        self.process, self.deadline, self.pending, self.seen = process, time.monotonic() + seconds, b"", []
        self.selector = selectors.DefaultSelector()
        self.selector.register(process.stdout, selectors.EVENT_READ)

    def until(self, pattern):
        """The lines up to the first that matches, which is the last."""
        begin = len(self.seen)
        while True:
            while b"\n" in self.pending:
                line, self.pending = self.pending.split(b"\n", 1)
                self.seen.append(line.decode(errors="replace").rstrip("\r"))
                if re.search(pattern, self.seen[-1]):
                    return self.seen[begin:]
            if not self.selector.select(max(0, self.deadline - time.monotonic())):
                raise AssertionError(f"no line matches {pattern!r} in time; so far:\n" + "\n".join(self.seen[-40:]))
            chunk = os.read(self.process.stdout.fileno(), 65536)
            if not chunk:
                raise AssertionError(f"ended without a line that matches {pattern!r}:\n" + "\n".join(self.seen[-40:]))
            self.pending += chunk


@contextlib.contextmanager
def running(command, seconds, **options):
    """A process with pipes, in a group of its own, which ends with all its children."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0, start_new_session=True, **options)
    try:
        yield process, Lines(process, seconds)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(SECONDS)
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


class Gdb:
    """gdb as an editor runs it."""

    def __init__(self, process, lines):
        self.process, self.lines, self.number = process, lines, 0

    def say(self, command):
        """The reply to an MI command."""
        self.number += 1
        self.process.stdin.write(f"{self.number}{command}\n".encode())
        answer = self.lines.until(rf"^{self.number}\^")[-1]
        if "^error" in answer:
            raise AssertionError(f"{command}: {answer}")
        return answer

    def stop(self, command):
        """Where the machine is when it stops after this command."""
        self.say(command)
        return self.lines.until(r"^\*stopped")[-1]

    def launch(self, configuration):
        self.say("-gdb-set mi-async on")
        for command in configuration["setupCommands"]:
            self.say(f'-interpreter-exec console "{command["text"]}"')
        self.say(f"-environment-cd {configuration['cwd']}")
        self.say(f"-file-exec-and-symbols {configuration['program']}")
        self.say(f"-target-select remote {configuration['miDebuggerServerAddress']}")
        if configuration["stopAtEntry"]:
            self.say("-break-insert -f main")
        return self.stop("-exec-continue")


@unittest.skipUnless(shutil.which("gdb"), "gdb is not installed")
class Configurations(unittest.TestCase):
    @contextlib.contextmanager
    def session(self, name, file=OPEN_FILE):
        """gdb, stopped at main, and the task, of the configuration of this name."""
        variables = {"workspaceFolder": ROOT, "file": ROOT / file}
        launch = next(each for each in configured("launch.json", **variables)["configurations"] if each["name"] == name)
        tasks = configured("tasks.json", **variables)["tasks"]
        task = next(each for each in tasks if each["label"] == launch["preLaunchTask"])
        self.assertTrue(task["isBackground"])
        host, _, port = launch["miDebuggerServerAddress"].partition(":")
        self.assertIn(f"GDBPORT={port}", task["args"])
        other = str(port_for_editor())
        launch["miDebuggerServerAddress"] = f"{host}:{other}"
        arguments = [argument.replace(port, other) for argument in task["args"]]
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
        with running([task["command"], *arguments], SECONDS, cwd=task["options"]["cwd"], stdin=subprocess.DEVNULL,
                     stderr=subprocess.STDOUT, env=environment) as (make, console):
            console.until(task["problemMatcher"]["background"]["endsPattern"])
            command = [launch["miDebuggerPath"], "-nx", "--interpreter=mi2"]
            with running(command, 60, cwd="/", stdin=subprocess.PIPE, stderr=subprocess.STDOUT,
                         env={**environment, "DEBUGINFOD_URLS": ""}) as (process, lines):
                gdb = Gdb(process, lines)
                stop = gdb.launch(launch)
                yield gdb, stop, console
                gdb.process.stdin.write(b"-gdb-exit\n")
                self.assertEqual(process.wait(SECONDS), 0)
            self.assertEqual(make.wait(SECONDS), 0)

    def check_steps(self, name, file, source):
        with self.session(name, file) as (gdb, stop, console):
            self.assertIn('reason="breakpoint-hit"', stop)
            self.assertIn('func="main"', stop)
            self.assertIn(source, stop)
            self.assertIn('reason="end-stepping-range"', gdb.stop("-exec-next"))
            self.assertIn('value="1"', gdb.say("-data-evaluate-expression \"rounds + 1\""))
            self.assertRegex(gdb.say("-stack-list-frames"), r'level="0",.*func="main"')
            line = self.line_of("rounds++", file)
            gdb.say(f"-break-insert -f {ROOT / file}:{line}")
            self.assertIn('func="on_alarm"', gdb.stop("-exec-continue"))
            self.check_call_stacks(gdb)
            gdb.say('-interpreter-exec console "ps"')
            gdb.say("-break-delete")
            gdb.say("-exec-continue")
            console.until("rounds: 1")
            gdb.lines.until("^=thread-group-exited")  # the kernel powered off

    def check_call_stacks(self, gdb):
        """What an editor asks for to show the call stack of each thread: the processes."""
        threads = dict(re.findall(r'\{id="(\d+)",[^{}]*?name="([^"]*)"', gdb.say("-thread-info")))
        self.assertIn(threads.pop("1"), ("Main process", "ring3_program"))  # interrupted, or in its callback
        self.assertIn("prnull", threads.values())
        for thread in threads:
            self.assertRegex(gdb.say(f"-stack-list-frames --thread {thread}"),
                             r'level="0",addr="0x\w+",func="ctxsw".*level="2",.*func="resched"')

    @staticmethod
    def line_of(text, file):
        lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if text in line)

    def test_the_open_file(self):
        self.check_steps("Kernel with the open file", OPEN_FILE, "ring3_program.c")

    def test_the_open_file_in_ring_3(self):
        self.check_steps("Open file in ring 3", OPEN_FILE, "ring3_program.c")

    def test_the_tour_and_an_early_end(self):
        with self.session("Kernel with its tour") as (_, stop, _):
            self.assertIn('func="main"', stop)
            self.assertIn("apps/tour", stop)

    def test_every_configuration_is_tested(self):
        names = {each["name"] for each in configured("launch.json")["configurations"]}
        self.assertEqual(names, {"Kernel with the open file", "Open file in ring 3", "Kernel with its tour"})


if __name__ == "__main__":
    unittest.main()
