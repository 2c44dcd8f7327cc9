"""The commands `ps`, `ready`, `sleeping` and `semaphores`: what the processes do, and what they wait for."""

import kernel_data
import queues
from command import Command
from kernel_data import ALARM, MESSAGE

DAMAGED = "damaged, or just being changed by the kernel: "


class Picture:
    """The process table and what belongs to it, read once for one command."""

    def __init__(self):
        self.current = kernel_data.current_pid()
        self.table = kernel_data.processes()
        self.now = kernel_data.uptime()
        self.clock = kernel_data.clock()

    def used(self):
        """Pairs (pid, entry) of all processes."""
        size = self.table.type.sizeof
        for pid in range(len(self.table)):
            if any(self.table.bytes[pid * size:pid * size + 2]):  # prstate is first, and PR_FREE is 0
                yield pid, self.table[pid]

    def title(self, pid):
        return f"{pid} ({kernel_data.name_of(self.table[pid])})"


def complaints(wrong):
    """At most one line."""
    more = f" (and {len(wrong) - 1} more such)" if len(wrong) > 1 else ""
    return f"{DAMAGED}{wrong[0]}{more}\n" if wrong else ""


def until(wake, now):
    """`msec 500, in 443`"""
    return f"msec {wake}, " + (f"in {wake - now}" if wake > now else "at the next tick" if wake == now else "overdue")


def table_of(rows, alignment):
    """Lines with aligned columns; the last column is not padded."""
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [f"{cell!s:{side}{width}}" for cell, side, width in zip(row, alignment, widths)]
        lines.append("  ".join(cells).rstrip() + "\n")
    return "".join(lines)


# ---- ps ----


class Ps(Command):
    """List all processes: what each does, and for what it waits.

ps

The current process (currpid) has a `*`. The columns are the process id, its name, state, priority (prprio), ring, and
parent (`-`: none, or it has ended), and then what the process waits for: a semaphore with its count, a wake time in
msec since boot and how long that is from now, or a message; its message, if it has one that it has not received; and
the event callbacks that it has registered, with the msec at which an alarm is due, or that are running.

If the CPU executes something else than the current process, a line says what."""

    name = "ps"

    def run(self, arguments):
        picture = Picture()
        sleepers, wrong = queues.sleepers()
        wakes = {sleeper.pid: sleeper.wake for sleeper in sleepers}
        semtab = kernel_data.Array(kernel_data.variable("semtab"), semaphore_limit())
        rows = [("", "pid", "name", "state", "prio", "ring", "parent", "waits for; events")]
        for pid, entry in picture.used():
            mark = "*" if pid == picture.current else ""
            remarks = waits(pid, entry, wakes, semtab, picture.now) + events(pid, entry, picture.clock)
            rows.append((mark, pid, kernel_data.name_of(entry), kernel_data.state_name(entry["prstate"]),
                         int(entry["prprio"]), int(entry["prring"]), parent(pid, entry, picture.table),
                         "; ".join(remarks)))
        text = f"msec {picture.now}\n" + table_of(rows, "<><<>>><") + cpu_remark(picture)
        counted = int(kernel_data.variable("prcount"))
        if counted != len(rows) - 1:
            wrong.append(f"prcount is {counted}, but the process table has {len(rows) - 1}")
        return text + complaints(wrong)


def semaphore_limit():
    """All semaphores: the NSEM of processes, then the kernel's own."""
    kind = kernel_data.variable("detour::semaphore_queues").type.strip_typedefs()
    return kind.sizeof // kind.template_argument(0).sizeof


def parent(pid, entry, table):
    """The parent's id, if that is still the same process."""
    above = int(entry["prparent"])
    alive = pid != 0 and 0 <= above < len(table) and int(table[above]["prstate"]) != kernel_data.FREE
    return above if alive and int(table[above]["prbirth"]) == int(entry["prparentbirth"]) else "-"


def waits(pid, entry, wakes, semtab, now):
    """What a process waits for."""
    state, semaphore = int(entry["prstate"]), int(entry["prsem"])
    time = until(wakes[pid], now) if pid in wakes else "in no queue: nothing but ready() or kill() will end this"
    if state == kernel_data.WAITING:
        if not 0 <= semaphore < len(semtab):
            return [f"semaphore {semaphore}, which cannot be"]
        own = semaphore - len(semtab) + len(queues.OWN_SEMAPHORES)
        name = queues.OWN_SEMAPHORES[own] + ", semaphore" if own >= 0 else "semaphore"
        return [f"{name} {semaphore}, count {int(semtab[semaphore]['scount'])}"]
    if state == kernel_data.SLEEPING:
        return [time]
    if state == kernel_data.SENDING:
        return ["an empty mailbox" + (f", or {time}" if pid in wakes else "")]
    if state == kernel_data.CHILD:
        return ["the end of a child"]
    if state == kernel_data.LOCKING:
        return ["a lock"]
    if state == kernel_data.RECEIVING:
        return ["a message"]
    if state == kernel_data.RECEIVING_TIMED:
        return ["a message, or " + time]
    return []


def events(pid, entry, clock):
    """The message and the event callbacks of a process."""
    state, found = entry["prdetour"], []
    if int(entry["prhasmsg"]):
        found.append(f"has message {int(entry['prmsg'])}")
    if int(entry["pralarmreg"]):
        due = int(entry["pralarmtime"])
        left = kernel_data.signed(due - clock)
        when = f"in {left}" if left > 0 else "due"
        found.append(f"alarm {callback(pid, entry['prcbf1'])} at msec {due}, {when}")
    if int(entry["prmsgreg"]):
        arrived = ", due" if int(state["arrived"]) else ""
        found.append(f"message callback {callback(pid, entry['prcbf2'])}{arrived}")
    for kind, name in ((ALARM, "alarm"), (MESSAGE, "message")):
        if int(state["running"]) & kind:
            found.append(f"runs its {name} callback")
    return found


def callback(pid, function):
    return kernel_data.function_name(int(function), pid)


def cpu_remark(picture):
    """A line about the CPU, if it is not executing the current process."""
    esp = kernel_data.register("esp")
    entry = picture.table[picture.current]
    if kernel_data.register("cs") & 3 == 3:
        wrong = None if int(entry["prring"]) == 3 else "in ring 3"
    else:
        wrong = None if on_stack(entry, esp) else stack_owner(picture, esp)
    if wrong is None:
        return ""
    where = kernel_data.location(kernel_data.register("eip"))
    return f"currpid is {picture.title(picture.current)}, but the CPU is at {where}, {wrong}\n"


def on_stack(entry, esp):
    low, end = kernel_data.stack_range(entry)
    return low <= esp <= end


def stack_owner(picture, esp):
    for pid, entry in picture.used():
        if on_stack(entry, esp):
            return f"on the stack of {picture.title(pid)}: a switch is under way"
    if kernel_data.symbol_address("exit_stack") < esp <= kernel_data.symbol_address("exit_stack_top"):
        return "on the kernel's exit stack: a process ends there, and exceptions are reported"
    return f"on no process's stack (ESP {esp:#010x})"


# ---- the queues ----


class Ready(Command):
    """List the processes that are ready, in the order in which the scheduler will take them.

ready

The highest priority comes first, and within a priority the process that has waited longest. The priority is the one at
which the queue holds the process. The current process is in the queue as well; it is shown in the first line. The null
process runs when the queue is empty."""

    name = "ready"

    def run(self, arguments):
        picture = Picture()
        found, wrong = queues.ready()
        entry = picture.table[picture.current]
        text = f"current: {picture.title(picture.current)}, priority {int(entry['prprio'])}\n"
        rows = [("", "pid", "name", "prio")]
        others = [entry for entry in found if entry.pid != picture.current]
        for number, (pid, priority) in enumerate(others, 1):
            rows.append((f"{number}.", pid, kernel_data.name_of(picture.table[pid]), priority))
            wrong += state_trouble(pid, picture.table[pid], (kernel_data.READY,), "the ready queue")
        return text + (table_of(rows, ">><>") if others else "no process is ready\n") + complaints(wrong)


def state_trouble(pid, entry, expected, queue):
    """What is wrong with the state of a process that is in a queue."""
    state = int(entry["prstate"])
    return [] if state in expected else [f"process {pid} is in {queue}, but its state is "
                                         f"`{kernel_data.state_name(state)}`"]


class Sleeping(Command):
    """List the processes that wait for a time, in the order in which they will wake.

sleeping

Those are the sleepers, and the receivers with a time limit. The columns are the process id, its name, its state, and
the msec since boot at which it wakes, with how long that is from now. Of processes that wake at the same time, whoever
went
to sleep first wakes first."""

    name = "sleeping"

    def run(self, arguments):
        picture = Picture()
        found, wrong = queues.sleepers()
        rows = [("", "pid", "name", "state", "wakes at")]
        for number, (pid, wake) in enumerate(found, 1):
            entry = picture.table[pid]
            rows.append((f"{number}.", pid, kernel_data.name_of(entry), kernel_data.state_name(entry["prstate"]),
                         until(wake, picture.now)))
            timed = (kernel_data.SLEEPING, kernel_data.RECEIVING_TIMED, kernel_data.SENDING)
            wrong += state_trouble(pid, entry, timed, "the sleep queue")
        text = f"msec {picture.now}\n"
        return text + (table_of(rows, ">><<<") if found else "no process sleeps\n") + complaints(wrong)


# The kernel's own semaphores, in the order of kernel/process/semaphore.hpp.
KERNEL_SEMAPHORES = ("input", "output", "disk", "files")


class Semaphores(Command):
    """List the semaphores in use: the count of each, and the processes that wait for it.

semaphores

The process that will be released first comes first. A count below zero is minus the number of those who wait. The last
semaphores are the kernel's own; each is only shown while a process waits for it."""

    name = "semaphores"

    def run(self, arguments):
        picture = Picture()
        found, wrong = queues.semaphores()
        first_own = semaphore_limit() - len(KERNEL_SEMAPHORES)
        rows = [("semaphore", "count", "waiting")]
        for number, count, pids in found:
            waiting = ", ".join(picture.title(pid) for pid in pids)
            own = f" ({KERNEL_SEMAPHORES[number - first_own]})" if number >= first_own else ""
            rows.append((f"{number}{own}", count, waiting))
            for pid in pids:
                wrong += state_trouble(pid, picture.table[pid], (kernel_data.WAITING,),
                                       f"the queue of semaphore {number}")
        return (table_of(rows, "<><") if found else "no semaphore is in use\n") + complaints(wrong)


for command in (Ps, Ready, Sleeping, Semaphores):
    command()
