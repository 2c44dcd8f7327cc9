"""What the held-back checks of the switch lab report on a right kernel; see ../checks/model.py. Those with questions
compute the answers from the student's own kernel instead: see tools/labs/answers.py."""

MASK = 0xFFFFFFFF
FLAGS = 0x8D5 | 0x400 | 0x200  # CF PF AF ZF SF OF, DF, IF
FIXED = 2
PUSHAL = (0, 1, 4, 5, 6, 7)  # without EBP and ESP
NUMBER_OF = {0: 0, 1: 1, 4: 3, 5: 4, 6: 5, 7: 6}  # which number of load_numbers() a word of pushal is


def layout(given):
    """The picture in arch/x86/entry/first_stack.cpp and <xinu/saved_stack.h> have every word. Course code reads and
    rewrites them, so "it runs" is not enough."""
    count = given.between(0, 1, 3)
    return [f"{12 + count} words from prstkptr to prstkbase", *(f"[{i}] is 0" for i in PUSHAL),
            "EBP is the address of [9], ESP that of [8]", "EFLAGS 00000202", "[9] is prstkbase",
            "[10] is the function", "it returns to INITRET",
            *(f"argument {i} is {given.number[i]:08x}" for i in range(1, count + 1)), "prstkbase has STACKMAGIC"]


def enabled(_given):
    """The flags of a new process are the ones in its first stack: IF is set in them, however the caller of resume() had
    it, and bit 1, which is always set."""
    return ["created and started with interrupts masked, it begins with EFLAGS 00000202"]


def flags(given):
    """EFLAGS belongs to the process, interrupts enabled or masked included. What you do after you restored it, or
    before you saved it, must not change it."""
    return [f"EFLAGS of the other {given.number[i + 6] & FLAGS:03x}, and back {given.number[i] & FLAGS:03x}"
            for i in range(6)]


def saved(given):
    """Eleven words, in the order of <xinu/saved_stack.h>. The return address, which `call` pushes, is the eleventh."""
    n = given.number
    return ["*old is 11 words below the stack pointer of the call", *(f"[{i}] {n[NUMBER_OF[i]]:08x}" for i in PUSHAL),
            f"EFLAGS 002, [9] {n[2]:08x}"]


def chain(given):
    """[9] and [10] are a frame as any function makes one: the caller's EBP, and above it the return address."""
    names = ["resched", "sleepms", *["sleeper"] * given.between(0, 1, 4), "sleeper", "INITRET"]
    return [*(f"frame {i} returns to {name}" for i, name in enumerate(names)), "the chain ends at prstkbase"]


def many(given):
    """A word too many or too few at each switch, and after a while the stack is used up."""
    sums = []
    for number in 1, 2:
        value = given.number[number - 1]
        for _ in range(5000):
            value = value * 1664525 + number & MASK
        sums.append(f"{value:08x}")
    return ["9000 or more switches", f"results {' '.join(sums)}, stack pointers steady"]


def wrap(given):
    """An unsigned word that goes on from 0 after 4294967295, by itself."""
    before, msec = given.between(0, 5, 20), given.between(1, 30, 60)
    return [f"from -{before}, {msec} msec later: {msec - before}"]


def early(given):
    """clkhandler() wakes sleepers, and may switch to them before it returns. They, too, are to see the new time."""
    return [f"asleep for {given.between(i, 2, 30)}: when it runs again, the counter has gone on by "
            f"{given.between(i, 2, 30)}" for i in range(3)]


def fair(given):
    """A slice begins anew when it is used up. resched() is called once a slice, and each time the next one's turn
    comes."""
    return [f"of 40 turns of {given.between(0, 2, 5)} processes, 39 are the next one's, and 38 last 2 ticks"]


def written(given):
    """resched() asks the running process's prstate: PR_CURR and PR_READY both mean that it can go on, and yields.
    take_written_state() is for the second."""
    return [f"round {i}: the other has run meanwhile" for i in range(1, given.between(0, 3, 6) + 1)]


IF = 0x200
PROCESS_BYTES, PRSTKPTR, PRSTKBASE, PRSTKLEN = 128, 4, 8, 12  # of struct procent, <xinu/process.h>


def entry(subject, pid):
    """The address of a process's entry in the process table."""
    return subject.symbol("proctab") + PROCESS_BYTES * pid


def is_on_stack(machine, process, esp):
    base, = machine.words(process + PRSTKBASE, 1)
    return base - machine.word(process + PRSTKLEN) < esp <= base


def first_times(machine, events, last):
    """The names of the events in the order in which they first happen, up to the last one.

    events: name -> whether it has happened, a function of the registers.
    """
    order = []
    for registers in machine.steps():
        order += [name for name, happened in events.items() if name not in order and happened(registers)]
        if last in order:
            return order
    return None


def count_to(machine, arrived):
    """How many instructions are executed until arrived(registers)."""
    return next(number for number, registers in enumerate(machine.steps()) if number and arrived(registers))


def first_run(subject):
    """Follow it in gdb, from nulluser() on: break, watch, stepi. What has to be there before interrupts may come?"""
    find = subject.symbol
    with subject.machine("first-run") as machine:
        machine.run_to(find("nulluser"))
        machine.run_to(find("prepare_first_stack"))
        events = {
            "null": lambda _: True,
            "stack": lambda registers: registers["eip"] == find("prepare_first_stack"),
            "resched": lambda registers: registers["eip"] == find("resched"),
            "current": lambda _: machine.word(find("currpid")) != 0,
            "ctxsw": lambda registers: registers["eip"] == find("ctxsw"),
            "enabled": lambda registers: registers["eflags"] & IF,
            "startup": lambda registers: registers["eip"] == find("startup")}
        return {"first-run": first_times(machine, events, "startup")}


def slice_end(subject):
    """`make debug CHECK=slice`, a breakpoint at clkdisp, and watch clkcountermsec, currpid, and prstkptr."""
    with subject.machine("slice-end") as machine:
        machine.run_to(subject.symbol("berta"))
        while True:
            machine.run_to(subject.symbol("clkdisp"))
            order = order_of_tick(subject, machine)
            if "current" in order:
                return {"slice-end": order}


def order_of_tick(subject, machine):
    """What happens in this clock interrupt, in its order."""
    find = subject.symbol
    counter, pid = machine.word(find("clkcountermsec")), machine.word(find("currpid"))
    process = entry(subject, pid)
    machine.write(process + PRSTKPTR, 0)  # the next value may be the same
    return first_times(machine, {
        "clkdisp": lambda registers: registers["eip"] == find("clkdisp"),
        "counted": lambda _: machine.word(find("clkcountermsec")) != counter,
        "resched": lambda registers: registers["eip"] == find("resched"),
        "current": lambda _: machine.word(find("currpid")) != pid,
        "saved": lambda _: machine.word(process + PRSTKPTR) != 0,
        "stack": lambda registers: not is_on_stack(machine, process, registers["esp"]),
        "enabled": lambda registers: registers["eflags"] & IF}, "enabled")


def swtch(subject):
    """ctxsw(old, new) is to leave the stack pointer in *old, and to take another from *new. In gdb: `disassemble
    ctxsw`, stepi, and `print $esp`."""
    with subject.machine("saves") as machine:
        for _ in range(3):
            machine.run_to(subject.symbol("ctxsw"))
        esp = machine.registers()["esp"]
        old = machine.word(esp + 4)
        machine.write(old, 0)
        found, last = {}, None
        for registers in machine.steps():
            if machine.word(old) != 0:
                found.setdefault("saves", last)
            if abs(registers["esp"] - esp) > 256:
                found.setdefault("changes", last)
            if len(found) == 2:
                return found
            last = registers["eip"]


def cost_stack(subject):
    """Count to the `ret` in gdb, at the call with so many arguments (`print nargs`): each `stepi` is one."""
    count = subject.questions["cost-stack"].values["count"]
    with subject.machine("cost-stack") as machine:
        while True:
            machine.run_to(subject.symbol("prepare_first_stack"))
            esp = machine.registers()["esp"]
            if machine.word(esp + 20) == count:
                caller = machine.word(esp)
                return {"cost-stack": count_to(machine, lambda registers: registers["eip"] == caller)}


def cost_switch(subject):
    """From one process's yield() to the return of the other's. In gdb, a loop with `stepi` counts for you."""
    with subject.machine("cost-switch") as machine:
        for _ in range(8):  # there are at most 6 processes
            machine.run_to(subject.symbol("yield"))
        caller, pid = machine.word(machine.registers()["esp"]), machine.word(subject.symbol("currpid"))
        return {"cost-switch": count_to(machine, lambda registers: registers["eip"] == caller and
                                        machine.word(subject.symbol("currpid")) != pid)}


def cost_tick(subject):
    """From clkdisp to its `iret`, which is the last instruction that counts."""
    with subject.machine("cost-tick") as machine:
        machine.run_to(subject.symbol("anna"))
        machine.run_to(subject.symbol("clkdisp"))
        esp = machine.registers()["esp"]
        eip = machine.word(esp)
        return {"cost-tick": count_to(machine, lambda registers: registers["eip"] == eip and
                                      registers["esp"] == esp + 12)}
