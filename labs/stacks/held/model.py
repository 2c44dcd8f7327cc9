"""What the held-back checks of the stacks lab report for right functions; see ../checks/model.py. Those with questions
compute the answers from the student's own image instead: see tools/labs/answers.py."""

PUSHAL = 32  # bytes


def suspended(_given):
    """suspend(getpid()) is a call that has not returned; a process that another one suspends was ready."""
    return ["by itself: 1", "by another, while it was ready: 0"]


def itself(_given):
    """The process that asks is in its own code. Its chain begins with the frame of callers(), not with what was saved
    when it did not run."""
    return ["itself: 0", "of_itself", "check_itself", "main", "INITRET"]


def damaged(_given):
    """Before you follow a link: is it on the stack of that process, is it aligned, and does it go up?"""
    ways = ("to itself", "downwards", "not aligned", "0", "the highest word of all", "behind the stack",
            "the end of another stack")
    return [*(f"{way}: -1 -1" for way in ways), "as it was: 1", "no such process: -1 -1"]


def killed(given):
    """A holder may end without giving the lock back, and its id may be another process's by then (prbirth). Those that
    wait for a lock that is removed are let go, and told so."""
    count = given.between(0, 1, 4)
    return ["taken from one that has ended: 1", *(f"waiter {i}: -1" for i in range(1, count + 1)),
            f"users when it is removed: {count + 1}", "the new one is free: 1"]


def bounds(subject):
    """The names of the linker are in the System.map: build/kernel/labs/stacks.map. `grep etext` finds the first."""
    return {"code-end": subject.symbol("kernel.etext"), "data-begin": subject.symbol("kernel.data"),
            "bss-end": subject.symbol("kernel.ebss")}


def nearest(subject):
    """The System.map is in the order of the addresses: look for the last one that is not above. Or ask gdb: `info
    symbol`."""
    return {name: subject.questions[name].values["address"] for name in ("near-a", "near-b", "near-c")}


def frames(machine, registers):
    """The chain of saved EBPs from the function that is just to begin: (address of the return address, the word)."""
    esp, ebp = registers["esp"], registers["ebp"]
    found = [(esp, machine.word(esp))]
    base, size = machine.words(machine.process + 8, 2)  # prstkbase, prstklen
    while base - size < ebp < base:
        found.append((ebp + 4, machine.word(ebp + 4)))
        ebp = machine.word(ebp)
    return found


def stopped(subject, machine, *functions):
    """Runs to the first instruction of the last function, after those of the others; returns the registers."""
    for function in functions:
        machine.run_to(subject.symbol(function))
    machine.process = subject.symbol("proctab") + 128 * machine.word(subject.symbol("currpid"))
    return machine.registers()


def stop1(subject):
    """break innermost_call, continue, kstack: each line is a word. What is between two return addresses belongs to one
    function."""
    with subject.machine("stop1-depth") as machine:
        registers = stopped(subject, machine, "innermost_call")
        middle = subject.symbol("middle_call")
        calls = [word for _, word in frames(machine, registers) if subject.nearest(word)[0] == middle]
        return {"stop1-depth": len(calls), "stop1-argument": registers["esp"] + 8}


def stop2(subject):
    """At the first instruction of a function, ESP is at its return address, and its arguments are above. The saved EBP
    of a function is what it pushed first: EBP still has the address of innermost_call()'s. Follow it."""
    with subject.machine("stop2-argument") as machine:
        registers = stopped(subject, machine, "innermost_call", "wait")
        outer, last = frames(machine, registers)[-1]
        return {"stop2-argument": registers["esp"] + 4, "stop2-frame": outer - 4}


def stop3(subject):
    """`info symbol *(unsigned *)$esp` names a return address. innermost_call() has not returned: EBP has the address of
    its frame."""
    with subject.machine("stop3-caller") as machine:
        registers = stopped(subject, machine, "innermost_call", "kputc")
        return {"stop3-caller": machine.word(registers["esp"]), "stop3-innermost": registers["ebp"] + 4}


def stop4(subject):
    """At the first instruction of clkhandler(), ESP is at the return address to clkdisp. Above it are the eight words
    of pushal, and then the three of the CPU: EIP, CS, EFLAGS."""
    with subject.machine("stop4-eip") as machine:
        esp = stopped(subject, machine, "innermost_call", "spin_rounds", "clkhandler")["esp"]
        return {"stop4-eip": machine.word(esp + 4 + PUSHAL), "stop4-eflags": esp + 4 + PUSHAL + 8}


def is_kernel(subject, address):
    """Whether it is in code of the kernel, and not in the library, which counts as its caller's."""
    library = subject.symbol("kernel.library_text") <= address < subject.symbol("kernel.library_etext")
    return subject.symbol("kernel.text") <= address < subject.symbol("kernel.own_etext") and not library


def doing(subject, machine, registers):
    """What the process is doing, of which these are the registers at the first instruction of a function."""
    clkdisp = subject.symbol("clkdisp")
    for address, word in frames(machine, registers):
        if subject.nearest(word)[0] == clkdisp:
            return "interrupt in a call" if is_kernel(subject, machine.word(address + 4 + PUSHAL)) else "interrupt"
    words = [registers["eip"], *(word for _, word in frames(machine, registers))]
    return "call" if any(is_kernel(subject, word) for word in words[:-1]) else "user"


def moments(subject, numbers):
    """The answers about these moments."""
    found = {}
    for name in (f"moment-{number}" for number in numbers):
        asked = subject.questions[name]
        with subject.machine(name) as machine:
            function = asked.question.text.partition("()")[0].split()[-1]
            for _ in range(asked.values.get("n", 1)):
                machine.run_to(subject.symbol(function))
            found[name] = doing(subject, machine, stopped(subject, machine))
    return found


def moments1(subject):
    """Read the backtrace from the bottom: the function of the process, what that called, and so on. Is there a system
    call among them, or clkdisp? A function of the library counts as its caller's."""
    return moments(subject, (1, 2, 3))


def moments2(subject):
    """`break resched`, `ignore 1 41`, `continue` stops at the 42nd time. Then `where`, or `kstack`."""
    return moments(subject, (4, 5, 6))


def moments3(subject):
    """See moments1: what is at the bottom, and is there clkdisp between that and the function?"""
    return moments(subject, (7, 8, 9))


def moments4(subject):
    """See moments1: what is at the bottom, and is there clkdisp between that and the function?"""
    return moments(subject, (10, 11, 12))


def ring3(subject):
    """include/xinu/systemcalls.h has the numbers and the registers; in gdb, stop at both ways into the kernel:
    system_call_entry and sysenter_entry."""
    with subject.machine("ring3-number") as machine:
        sysenter = subject.symbol("sysenter_entry")
        way = "sysenter" if machine.run_to(sysenter, subject.symbol("system_call_entry")) == sysenter else "int"
        registers = machine.registers()
        return {"ring3-number": registers["eax"], "ring3-argument": registers["ebx"], "ring3-way": way}
