"""What the public checks of the stacks lab report for right functions, and what to think about if they do not.

One function a check: it gets the numbers (tools/labs/parameters.py) and returns the lines; its docstring is the hint.
"""


def asleep(given):
    """The innermost return address of a process that does not run leads into resched(). Whoever called that decides."""
    return [f"asleep in {given.between(1, 1, 5)} calls: 1", "when it has ended: -1"]


def waiting(given):
    """As for a sleeper: it called wait(), which has not returned."""
    return [f"waiting, since msec {given.between(0, 3, 20)} or so: 1"]


def new(given):
    """create() made its stack: the only return address is the beginning of its function. It called nothing."""
    return [f"created with priority 20, then {given.between(0, 1, 19)}", "created: 0", "ready: 0"]


def preempted(given):
    """It does not run, so its innermost return addresses are in the kernel: resched(), clkhandler(), clkdisp. But it
    called none of them. Where was it when the clock interrupted it? clkdisp makes no frame: the words that it and the
    CPU pushed are directly above the frame of clkhandler()."""
    return [f"computing, for {given.between(0, 3, 20)} msec: 0", "in a library function: 0"]


def callers(given):
    """From word 9 of the saved stack on, each frame has the address of the next one, and above it a return address. The
    end is prstkbase."""
    names = ["resched", "sleepms", *["sleeps"] * given.between(1, 1, 5), "INITRET"]
    return [*names, f"{len(names)} callers", f"with room for two: {len(names)} callers, and the third word is 12345"]


def order(given):
    """A semaphore with count 1 lets one process through; signal() lets the one through that has waited longest."""
    return [line for i in range(1, given.between(0, 3, 5) + 1)
            for line in (f"worker {i} has it", f"worker {i} gives it back")] + \
        [f"given back: {given.between(0, 3, 5)} times"]


def owner(_given):
    """A lock knows its holder. SYSERR is -1, OK is 1; what is refused changes nothing."""
    return ["of no lock: -1 -1 -1", "taken: 1", "taken again by its holder: -1", "worker 1 has it", "given back: 1",
            "worker 1 gives it back", "given back by one that has it not: -1", "users when it is removed: 0",
            "afterwards: -1", "locks at a time: 8"]
