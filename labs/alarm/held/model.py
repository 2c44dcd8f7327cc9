"""What the held-back checks of the alarm lab report on a right kernel; see ../checks/model.py. Those with questions
compute the answers from the student's own kernel instead: see tools/labs/answers.py."""

MASK = 0xFFFFFFFF


def bounds(_given):
    """text <= cbf < etext: the first byte of text is code, etext itself is not (R1)."""
    return ["text: accepted", "the byte below text: refused", "the last byte of text: accepted", "etext: refused"]


def masked(_given):
    """What sets pretype, pralarmreg, pralarmtime and prcbf1 must not be interrupted in between; afterwards interrupts
    are as the caller had them (R2)."""
    fields = "pretype", "pralarmreg", "pralarmtime", "prcbf1"
    return [*(f"{field}: written with interrupts masked" for field in fields), "afterwards interrupts are enabled",
            "with interrupts masked: returns 0", "afterwards interrupts are masked"]


def late(given):
    """An alarm wakes nobody. Whenever the process takes a clock interrupt again, ask: is the time at or after
    pralarmtime (R7)?"""
    return [f"the wait is over at {given.between(0, 20, 50) + 10}", f"callback at {given.between(0, 20, 50) + 11}"]


def asleep(given):
    """An alarm that is due when sleepms() returns is delivered on that return (R7). prepare_sleepms_return() and
    cbfreturn are there; they ask alarm_is_due() and go on at .Lrun of cbfmanager.S."""
    end = given.between(0, 20, 50) + given.between(1, 10, 30)
    return [f"callback at {end}", f"sleepms returns 1 at {end}"]


def preempted(given):
    """While clkhandler() runs another process, the alarm of this one falls due. When this one is current again, still
    in the same clock interrupt, it is delivered at the end of that (R6)."""
    switch = given.between(0, 20, 50)
    return [f"the other process runs from {switch} to {switch + 5}", f"callback at {switch + 5}"]


def start(_given):
    """The interrupted code may have set DF; compiled code relies on it being clear, in the kernel (cld) and in the
    callback, which also starts with interrupts enabled (R9). The interrupted code gets its DF back."""
    return ["clkhandler begins with DF clear", "the callback begins with DF clear and IF set",
            "the interrupted code has DF set"]


def window(_given):
    """Interrupts stay masked in clkdisp, and from the return of the callback to the instruction that restores EFLAGS:
    otherwise the next clock interrupt adds a frame to a stack that is half taken down (R9)."""
    return ["without an alarm: clock interrupts let in before the iret: 0",
            "with one that is not due: clock interrupts let in before the iret: 0",
            "with one: clock interrupts let in after the callback: 0"]


def full(given):
    """Before anything is written to the stack, CALLBACK_STACK_ROOM bytes must be free below what a detour writes; if
    not, the process is ended (R21). require_room_below() is there."""
    return [f"with {given.between(0, 1100, 1900)} bytes free: callbacks 1, the process goes on",
            f"with {given.between(1, 515, 555)} bytes free: callbacks 0, the process has ended"]


def work(number):
    """work() of sweep.c."""
    eax, ecx, edx = number[0], number[1], number[2]
    carry, eax = divmod(eax + ecx, MASK + 1)
    edx = 2 * edx + carry & MASK
    eax ^= edx
    if not eax > ecx:
        eax ^= MASK
    eax = eax + (eax >> 7 | eax << 25) & MASK
    eax = eax + number[6] & MASK
    return eax - ecx & MASK


def sweep(given):
    """Interrupt each instruction between the registration and the end of the detour, in your mind: is there one at
    which a clock interrupt would find a stack, a flag or a field that is not yet, or no longer, right?"""
    result = work(given.number)
    return [f"before the callback: results {300 * result & MASK:08x}, callbacks 300",
            f"in the callback and behind it: results {600 * result & MASK:08x}, callbacks 1200, at most 1 at a time"]


def run_to_callback(subject, machine):
    """Runs to on_delivery(). Returns which clock interrupt it was that led there, and ESP at the beginning of it."""
    clkdisp, callback = subject.symbol("clkdisp"), subject.symbol("on_delivery")
    interrupts, esp = 0, None
    while machine.run_to(clkdisp, callback) == clkdisp:
        interrupts, esp = interrupts + 1, machine.registers()["esp"]
    return interrupts, esp


def words(subject):
    """In gdb: `break on_delivery`, continue, `kstack`. The CPU has pushed EFLAGS, CS and EIP, in this order, at what
    was ESP then; `reverse-continue` to clkdisp shows them before anything else was pushed."""
    with subject.machine("flags-word") as machine:
        _, pushed = run_to_callback(subject, machine)
        esp = machine.registers()["esp"]
        return {"flags-word": pushed + 8, "goes-on": machine.word(pushed), "returns-to": machine.word(esp),
                "depth": pushed + 12 - esp}


def way(subject):
    """`break on_delivery`, continue, then `reverse-continue` to clkdisp, and count `stepi`s. clkhandler() is in it."""
    with subject.machine("way") as machine:
        interrupts, _ = run_to_callback(subject, machine)
    with subject.machine("way") as machine:
        for _ in range(interrupts):
            machine.run_to(subject.symbol("clkdisp"))
        callback = subject.symbol("on_delivery")
        steps = (registers["eip"] for registers in machine.steps())
        return {"way": next(number for number, eip in enumerate(steps) if eip == callback)}
