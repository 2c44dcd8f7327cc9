"""`timeline`: who ran when, in a recording."""

import gdb

import kernel_data
import recorded
from recorded import RecordingCommand
from seek import FUNCTIONS, msec_at

WIDTH, LEAST, MOST = 80, 10, 400  # columns
RULER = 10  # columns from one time to the next
RUNS, SENDS, DETOUR, IDLE = "#", "s", "D", " "

kept = None  # the History of the recording, once it was read


class History:
    """Who ran from when on, and what they did."""

    def __init__(self):
        self.names = {}  # by process: (its id, prbirth), since ids are used again
        self.stretches, self.marks = [], []  # (position, process), (position, process, mark)
        self.begin, self.end = recorded.boot_end(), recorded.session.end

    def read(self):
        notes = {"ctxsw": lambda: self.stretches.append(self.now()), "send": lambda: self.mark(SENDS)}
        notes |= {name: lambda: self.mark(DETOUR) for name in FUNCTIONS["detour"]}
        recorded.survey({kernel_data.function_address(name): note for name, note in notes.items()})
        return self

    def mark(self, what):
        self.marks.append((*self.now(), what))

    def now(self):
        """The position, and the current process: at the first instruction of ctxsw, it is already the next one."""
        pid = kernel_data.current_pid()
        entry = kernel_data.process(pid)
        process = pid, int(entry["prbirth"])
        self.names[process] = kernel_data.name_of(entry)
        return recorded.session.position(), process

    def rows(self, width):
        """{process: a text of this width}."""
        def column(position):
            return min(max(position - self.begin, 0) * width // (self.end - self.begin + 1), width - 1)

        rows = {process: [IDLE] * width for process in sorted(self.names)}
        ends = [position for position, _ in self.stretches[1:]] + [self.end]
        for (position, process), end in zip(self.stretches, ends):
            for at in range(column(position), column(end) + 1):
                rows[process][at] = RUNS
        for mark in SENDS, DETOUR:
            for position, process, what in self.marks:
                if what == mark:
                    rows[process][column(position)] = what
        return {process: "".join(row) for process, row in rows.items()}

    def ruler(self, width):
        """The msec at every tenth column."""
        with recorded.excursion():
            times = [msec_at(self.begin + (self.end - self.begin) * at // width) for at in range(0, width, RULER)]
        return "".join(f"{time:<{RULER}}" for time in times).rstrip()


class Timeline(RecordingCommand):
    """Draw which process ran when, with the sends and the detours.

timeline [COLUMNS]

A row is a process, and a column a number of instructions: so an idle machine, which executes few, takes no room. The
ruler above has the msec at which every tenth column begins. `#` is where the process ran, `s` where it called send(),
and `D` where it was led to a callback. `seek switch`, `seek send` and `seek detour` lead there.

The first time, this takes a pass through the recording, which needs some msec for each switch, send and detour."""

    name = "timeline"
    takes_arguments = True

    def run(self, arguments):
        global kept
        width = int(arguments[0]) if len(arguments) == 1 and arguments[0].isdigit() else WIDTH
        if len(arguments) > 1 or (arguments and not arguments[0].isdigit()) or not LEAST <= width <= MOST:
            raise gdb.GdbError(f"timeline takes a number of columns, {LEAST} to {MOST}")
        kept = kept or History().read()
        if not kept.stretches:
            return "no process was switched in\n"
        titles = {process: f"{process[0]:3} {name}" for process, name in kept.names.items()}
        indent = max(map(len, titles.values()))
        each = (kept.end - kept.begin) // width
        text = f"{len(kept.stretches)} switches; a column is {each} instructions\n"
        text += f"{'msec':>{indent}}  {kept.ruler(width)}\n"
        return text + "".join(f"{titles[process]:{indent}} |{row}|\n" for process, row in kept.rows(width).items())


Timeline()
