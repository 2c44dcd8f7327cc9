"""`ps`, `ready`, `sleeping`, `semaphores`: on processes in every state, before there are any, and on damaged tables."""

import re
import unittest

from session import ROOT, debug, program

COMMANDS = ["ps", "ready", "sleeping", "semaphores"]
LOOK = ["break look", "continue"]


def rows(text):
    """The lines of a listing, each as its words separated by one space."""
    return [" ".join(line.split()) for line in text.splitlines()]


class EveryState(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.session = debug(program("gdb_queues"), LOOK + COMMANDS)

    def test_the_ready_queue_in_the_order_of_scheduling(self):
        self.assertEqual(rows(self.session["ready"]),
                         ["current: 2 (Main process), priority 20", "pid name prio", "1. 12 mid a 15", "2. 14 mid b 15",
                          "3. 11 low a 10", "4. 13 low b 10", "5. 15 low c 10"])

    def test_the_sleepers_in_the_order_of_waking(self):
        lines = rows(self.session["sleeping"])
        now = int(re.match(r"msec (\d+)", self.session["sleeping"])[1])
        self.assertEqual([line.split(" msec")[0] for line in lines[2:]],
                         ["1. 4 early sleeping", "2. 5 as early sleeping", "3. 6 timed receiving, timed",
                          "4. 3 late sleeping"])
        for wake, left in re.findall(r"msec (\d+), in (\d+)", self.session["sleeping"]):
            self.assertEqual(int(wake) - int(left), now)

    def test_the_semaphores_with_those_who_wait(self):
        self.assertEqual(rows(self.session["semaphores"]),
                         ["semaphore count waiting", "10 -2 8 (first), 9 (second)", "11 3",
                          "120 (input) -1 10 (typist)"])

    def test_all_processes(self):
        lines = rows(self.session["ps"])[1:]
        self.assertEqual(lines[0], "pid name state prio ring parent waits for; events")
        self.assertEqual(lines[1], "0 prnull ready 0 0 -")
        self.assertRegex(lines[2], r"^\* 2 Main process current 20 0 - alarm on_alarm at msec \d+, in (199|200); "
                                   "message callback on_message$")
        self.assertRegex(lines[3], r"^3 late sleeping 30 0 2 msec \d+, in \d+$")
        self.assertRegex(lines[6], r"^6 timed receiving, timed 30 0 2 a message, or msec \d+, in \d+$")
        self.assertEqual(lines[7], "7 receiver receiving 30 0 2 a message")
        self.assertEqual(lines[8], "8 first waiting 30 0 2 semaphore 10, count -2")
        self.assertEqual(lines[9], "9 second waiting 40 0 2 semaphore 10, count -2")
        self.assertEqual(lines[10], "10 typist waiting 30 0 2 typed input, semaphore 120, count -1")
        self.assertEqual(lines[16:], ["16 suspended suspended 25 0 2"])

    def test_an_intact_kernel_is_not_called_damaged(self):
        self.assertNotIn("damaged", self.session.output)

    def test_the_names_of_the_states_are_the_kernel_s(self):
        kernel = (ROOT / "kernel" / "report" / "process_report.cpp").read_text(encoding="utf-8")
        extension = (ROOT / "tools" / "gdb" / "kernel_data.py").read_text(encoding="utf-8")
        names = re.search(r'kNames\{\s*("free".*?)\};', kernel, re.DOTALL)[1]
        states = re.search(r"^STATES = \((.*?)\)$", extension, re.MULTILINE | re.DOTALL)[1]
        self.assertEqual(re.findall(r'"[^"]*"', states), re.findall(r'"[^"]*"', names))


class NotTheCurrentProcess(unittest.TestCase):
    def test_before_the_kernel_has_booted(self):
        session = debug(program("gdb_queues"), COMMANDS)
        for command in COMMANDS:
            self.assertRegex(session[command], r"^the kernel has not booted yet, .* the CPU is at 0x0000fff0\..*$")

    def test_while_the_kernel_boots(self):
        session = debug(program("gdb_queues"), ["break initialize_memory", "continue", "ps"])
        self.assertRegex(session["ps"], r"^the kernel has not booted yet, .* the CPU is at .*initialize_memory")

    def test_without_a_machine(self):
        session = debug(program("gdb_queues"), ["kill", *COMMANDS])
        for command in COMMANDS:
            self.assertIn("there is no machine", session[command])

    def test_in_the_midst_of_a_switch(self):
        session = debug(program("gdb_queues"),
                        ["break main", "continue", "break ctxsw", "continue", "ps", "up", "finish"])
        self.assertRegex(session["ps"].splitlines()[-1],
                         r"^currpid is 3 \(late\), but the CPU is at ctxsw(\+\d+)?, on the stack of 2 \(Main "
                         r"process\): a switch")

    def test_on_the_exit_stack(self):
        session = debug(program("gdb_queues"), ["break look", "continue", "break ctxsw", "continue", "ps"])
        self.assertIn("on the kernel's exit stack", session["ps"].splitlines()[-1])


class Damage(unittest.TestCase):
    """Each is one line, and none hangs gdb."""

    def damaged(self, change, command):
        session = debug(program("gdb_queues"), [*LOOK, *change, command])
        self.assertNotIn("Traceback", session.output)
        self.assertNotIn("Python Exception", session.output)
        lines = [line for line in session[command].splitlines() if "damaged" in line]
        self.assertEqual(len(lines), 1, session[command])
        return lines[0]

    LINK = "set var (short)((short*)&detour::process_links)[{}] = {}"

    def test_a_circle_in_the_ready_queue(self):
        self.assertIn("behind process 13 it comes to 13 again", self.damaged([self.LINK.format(2 * 13, 13)], "ready"))
        self.assertIn("ends with process 13, but", self.damaged([self.LINK.format(2 * 13, 11)], "ready"))
        self.assertIn("13 is behind 11, but links back to 15",
                      self.damaged([self.LINK.format(2 * 13 + 1, 15)], "ready"))
        change = [self.LINK.format(2 * 15, 13), self.LINK.format(2 * 13 + 1, 11)]
        self.assertIn("in a circle: behind process 15 it comes to 13 again", self.damaged(change, "ready"))

    def test_garbage_in_the_ready_queue(self):
        self.assertIn("process 65535, which cannot be", self.damaged([self.LINK.format(2 * 13, -1)], "ready"))
        self.assertIn("not marked in the bitmap",
                      self.damaged(["set var detour::ready_queue.priorities_.root_ = 0"], "ready"))
        self.assertIn("its state is `sleeping`", self.damaged(["set var proctab[13].prstate = 4"], "ready"))

    def test_garbage_in_the_sleep_queue(self):
        queue = "set var detour::sleep_queue."
        self.assertIn("claims to hold 4294967295", self.damaged([queue + "size_ = -1"], "sleeping"))
        cannot_be = [queue + "heap_._M_elems[2].pid = 60000"]
        self.assertIn("process 60000, which cannot be", self.damaged(cannot_be, "sleeping"))
        self.assertIn("noted in slot", self.damaged([queue + "heap_._M_elems[2].pid = 4"], "sleeping"))
        self.assertIn("out of order", self.damaged([queue + "heap_._M_elems[1].wake = 0x7fffffff"], "sleeping"))

    def test_garbage_in_the_semaphores(self):
        self.assertIn("has count -7, but 2 processes wait",
                      self.damaged(["set var semtab[10].scount = -7"], "semaphores"))
        self.assertIn("which cannot be", self.damaged([self.LINK.format(2 * 8, 30000)], "semaphores"))

    def test_a_process_table_full_of_ones(self):
        ones = "python\ninferior = gdb.selected_inferior()\nat = int(gdb.parse_and_eval('(unsigned)&proctab'))\n" \
               "inferior.write_memory(at, b'\\xff' * 5000)\nend"
        session = debug(program("gdb_queues"), [*LOOK, ones, *COMMANDS])
        self.assertNotIn("Python", session.output)
        self.assertIn("state 65535?", session["ps"])
        self.assertEqual(session["ps"].count("damaged"), 1)

    def test_currpid_is_no_process(self):
        for value in ("-1", "100", "0x7fffffff"):
            session = debug(program("gdb_queues"), [*LOOK, f"set var currpid = {value}", *COMMANDS])
            for command in COMMANDS:
                self.assertIn("which is no process: the kernel's variables are damaged", session[command])


class Extension(unittest.TestCase):
    def test_help_and_arguments(self):
        session = debug(program("gdb_queues"),
                        [f"help {command}" for command in COMMANDS] + [f"{c} 1" for c in COMMANDS])
        for command in COMMANDS:
            self.assertGreater(len(session[f"help {command}"].splitlines()), 4)
            self.assertIn(f"\n{command}\n", session[f"help {command}"])
            self.assertEqual(session[f"{command} 1"], f"`{command}` takes no argument; see `help {command}`")

    def test_a_bare_gdb_can_source_it(self):
        script = ROOT / "tools" / "gdb" / "extension.py"
        session = debug(program("gdb_queues"), ["ps", f"source {script}", *LOOK, "ready"], setup=None)
        self.assertIn("Undefined command", session["ps"])
        self.assertIn("mid a", session["ready"])

    def test_a_module_that_fails_leaves_the_others(self):
        script = "import sys\nsys.modules['processes'] = None"
        session = debug(program("gdb_queues"), [f"help {command}" for command in ("ps", "status")], setup=None,
                        gdb_options=["-ex", f"python {script.splitlines()[0]}", "-ex",
                                     f"python {script.splitlines()[1]}",
                                     "-x", ROOT / "tools" / "gdb" / "extension.py"])
        self.assertEqual(session.output.count("processes.py cannot be used"), 1)
        self.assertNotIn("Traceback", session.output)


if __name__ == "__main__":
    unittest.main()
