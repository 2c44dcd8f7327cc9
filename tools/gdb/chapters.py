"""The chapters of a detour in plain words: what happens from a step on, found from where the process is.

A rule looks at a step and the one before, and names the chapter that begins there; each begins once in a story.
"""

import native

TEXTS = {
    "runs": ("The process runs", "An ordinary moment in the process's own code. It has registered a callback, and "
             "does not wait for it."),
    "asks": ("The process makes a system call", "It asks the kernel by int or sysenter, and will go on behind it."),
    "entered": ("The kernel is entered", "The CPU has changed to ring 0 and to the process's kernel stack, which was "
                "empty. What ring 3 needs to go on is pushed there; its own stack is not touched."),
    "copied": ("The registers move to the process's own stack", "An event is due. The kernel has claimed its callback, "
               "copied the frame to the stack of ring 3, below what the process had there, and changed the frame on "
               "the kernel stack: it now leads to the return page."),
    "page": ("In the return page", "Back in ring 3, the process executes code that the kernel has mapped into it. EAX "
             "is the callback, and ESP points to the record with the registers. The kernel stack is empty again."),
    "called back": ("The callback runs", "In ring 3, on the process's own stack, below the record: an ordinary "
                    "function of the program, with no more rights than it."),
    "next": ("The return page asks what is next", "The system call cbnext ends this callback. If another one is "
             "claimed, it runs; if not, the kernel puts the registers from the record back into its frame."),
    "interrupted": ("The clock interrupts it", "The CPU has pushed EFLAGS, CS and EIP on the process's own stack, "
                    "masked interrupts, and jumped to clkdisp. EIP is where the process has to go on."),
    "saved": ("All registers are saved", "pushal has stored the eight general registers below. These eleven words are "
              "all that the process needs to go on as if nothing had been. No other copy of them exists."),
    "ticked": ("The clock handler has returned", "clkhandler has counted the tick and woken sleepers; other processes "
               "may have run meanwhile. Now clkdisp asks whether this process has registered a callback."),
    "claimed": ("A callback is due, and is claimed", "detour_at_tick has found a registered event that is due. It took "
                "the registration back, so that it cannot be claimed twice, and left the callback's address here."),
    "second": ("A second frame", "clkdisp builds a frame by hand: flags, code segment, and the address of cbfmanager. "
               "iret cannot know that no interrupt has pushed it."),
    "manager": ("iret has taken the second frame", "The process is in cbfmanager: no longer in an interrupt, but in "
                "its own context, on its own stack. The first frame is still there, untouched."),
    "callback": ("The callback runs", "cbfmanager has turned interrupts on and called it: an ordinary function of the "
                 "program, on the process's own stack, below everything that has to be kept."),
    "returned": ("The callback has returned", "The code that called it ends the detour: the kernel notes that the "
                 "callback is over, so that another one of its kind may be claimed from now on."),
    "popped": ("The frame is taken back", "popal loads the eight general registers from the frame, and iret will take "
               "EIP, CS and EFLAGS: all at once, so that no further detour can begin in between."),
    "home": ("The process is back", "It goes on exactly where it was, and cannot tell that it was away."),
    "called": ("The process calls sleepms()", "The call pushes its return address, as every call does. "
               "sleepms() will return to whatever stands in that word when its ret is executed."),
    "saving": ("ctxsw saves the process", "The process sleeps, so another one must run. ctxsw pushes its registers, "
               "and stores ESP in its process table entry."),
    "away": ("It is switched out", "The CPU works on another stack now. This one lies in memory as it was left, until "
             "the process is switched in again."),
    "sent": ("Another process sends it a message", "send() finds that the receiver has registered a callback for "
             "messages, and that it sleeps in sleepms(). It looks for the return address of that call."),
    "planted": ("The return address is rewritten", "The original is kept in the process table entry; the word now "
                "leads to cbfreturn. The receiver sleeps on, and has not executed anything."),
    "woken": ("The sleep is over", "ctxsw has switched to the process's stack, and takes its registers from it. The "
              "functions that led there return one after the other."),
    "prepared": ("An event is due as sleepms() ends", "prepare_sleepms_return finds it, keeps sleepms()' own return "
                 "address in the process table entry, and puts the address of cbfreturn in its place."),
    "ret": ("sleepms() is about to return", "ret pops the word on top of the stack and jumps there, whatever it is. It "
            "is the address of cbfreturn."),
    "cbfreturn": ("The detour begins", "Nothing has called cbfreturn. It builds the frame that the clock would have "
                  "pushed, had it interrupted the process on the first instruction after its call of sleepms()."),
    "filled": ("The original address comes back", "detour_at_return has claimed the callbacks that are due, and put "
               "the original return address into the frame: from here on it is all as after a clock interrupt."),
    "loaded": ("The loader jumps to the kernel", "The image is in memory, paging is off, interrupts are masked, and no "
               "process exists. The first instruction has given the CPU a stack: that of what becomes the null "
               "process."),
    "segments": ("The kernel's own segments", "Those of the loader could lie anywhere. The kernel makes a table of its "
                 "own, with segments of code and data for each ring, and tells the CPU where it is."),
    "traps": ("The trap table", "For each interrupt, exception and system call the kernel writes down where its "
              "handler begins, and tells the CPU where this table is. From now on the hardware finds the kernel by "
              "itself."),
    "paging": ("Paging", "The kernel builds page tables in which most addresses mean themselves; the null page, the "
               "guards of stacks and the kernel's own code are protected. Then it turns translation on."),
    "controllers": ("The interrupt controllers", "The kernel tells them which vectors their lines have, and to let "
                    "nothing through but the line between the two."),
    "table": ("The process table", "The kernel has a table of processes now, with one entry in use: what runs here is "
              "the null process."),
    "clock": ("The interrupt timer is started", "A timer will interrupt the CPU again and again: so the kernel gets "
              "the CPU back from a process that does not give it up. Interrupts are still masked."),
    "created": ("The first process is created", "create() takes a process table entry and a stack, and writes on it "
                "what ctxsw will load as if that process had been switched out."),
    "resumed": ("It gets the CPU", "The new process has a higher priority, so the null process is switched out: its "
                "registers are on its stack, and ESP is in its process table entry."),
    "flags": ("Interrupts are let in", "The registers that create() has written are loaded. With EFLAGS of the new "
              "process, interrupts are on for the first time."),
    "main": ("main is created", "The startup process has prepared the devices. It creates the process that begins in "
             "main, and ends."),
    "idle": ("The null process runs", "No other process is ready. sti lets interrupts in, and hlt stops the CPU until "
             "the next one: the timer will see to it."),
    "new": ("A process that has never run", "ctxsw has just switched to its stack. create() has written eleven words "
            "there, as if the process had been switched out in the midst of ctxsw: so its first time is no special "
            "case."),
    "begins": ("It begins", "ret has popped the address of its function, which nothing has called. Where the function "
               "expects its return address is that of userret, which ends the process."),
    "begins in ring 3": ("It begins in ring 3", "iret has taken EIP, ESP and the selectors of ring 3 from a frame that "
                         "the kernel has made: no trap has pushed it."),
    "preempted": ("Another process is due", "clkhandler has found that this process has to give up the CPU. ctxsw "
                  "pushes its registers below the frame of the interrupt, and stores ESP in its process table entry."),
    "chosen": ("It is its turn again", "ctxsw has switched back to this stack. The functions of the kernel that led "
               "there return one after the other, as if they had only waited."),
    "put away": ("ctxsw saves the process", "Another one runs next. ctxsw pushes the registers of this one, and stores "
                 "ESP in its process table entry."),
    "written": ("Another process writes on its stack", "The process is switched out, and executes nothing. The words "
                "there are its future: a return address becomes that of a function of the program."),
    "led": ("It goes where the word leads", "ret has popped an address that no call has pushed there, and jumped. "
            "Nothing in this process has called the code in which it is now."),
    "function": ("A function of the program runs", "On the process's own stack, below all that it needs to go on."),
    "restored": ("The registers come back", "No callback is due: popal loads the eight general registers from the "
                 "frame, and iret takes EIP, CS and EFLAGS."),
    "answered": ("The call returns", "The CPU is in ring 3 again, on the process's own stack, behind its int or "
                 "sysenter. EAX has the result; the kernel stack is empty."),
}


BOOT = ("segments", "traps", "paging", "controllers", "table", "clock", "created", "flags", "main", "away", "idle")


def function(step):
    return step["frames"][0]["name"] if step["frames"] else ""


def mnemonic(step):
    return step["insn"].split()[0]


def has(step, kind):
    """Whether there is a word of this kind on the stack."""
    return any(native.KINDS[word[2]] == kind for word in step["words"])


def tick_rules(step, before):
    """Which chapter begins at this step of a detour through clkdisp."""
    here = function(step)
    done = mnemonic(before) if before else ""
    if before is None:
        return "runs"
    if here == "clkdisp":
        if function(before) != "clkdisp":
            return "interrupted"
        if done.startswith("pusha"):
            return "saved"
        if before["call"]:
            return "ticked" if before["entry"]["prdetour.running"] == step["entry"]["prdetour.running"] else "claimed"
        if done.startswith("push") and len(step["words"]) > len(before["words"]) and has(step, "second"):
            return "second"
    if here == "cbfmanager" and function(before) == "clkdisp":
        return "manager"
    return end_rules(step)


def end_rules(step):
    """What both detours end with."""
    mark = step.get("mark")
    if mark == "callback":
        return "callback"
    if mark == "callback returned":
        return "returned"
    if mark == "home":
        return "home"
    if function(step) == "cbfmanager" and mnemonic(step).startswith("popa"):
        return "popped"
    return None


def return_rules(step, before):
    """Which chapter begins at this step of a detour through the return of sleepms()."""
    here = function(step)
    mark = step.get("mark")
    if mark in ("called", "saving", "away", "sent", "woken"):
        return mark
    if mark == "changed":
        return None
    if has(step, "planted") and not has(before, "planted"):
        return "planted" if not step["running"] else "prepared"
    if here == "sleepms" and mnemonic(step) == "ret":
        return "ret"
    if here == "cbfreturn":
        if function(before) == "sleepms":
            return "cbfreturn"
        if mnemonic(before).startswith("pusha"):
            return "saved"
        if before["call"]:
            return "filled"
    return end_rules(step)


def boot_rules(step, before):
    """Which chapter begins at this step of the boot."""
    mark = step.get("mark")
    if before is None:
        return "loaded"
    return {"saving": "resumed", "woken": "chosen"}.get(mark, mark if mark in BOOT else None)


def first_rules(step, before):
    """Which chapter begins at this step of a process's first run."""
    if before is None:
        return "new"
    if step.get("mark") == "begins":
        return "begins in ring 3" if step["ring"] else "begins"
    return None


def switch_rules(step, before):
    """Which chapter begins at this step of a clock interrupt that leads to another process."""
    mark = step.get("mark")
    if mark in ("saving", "woken", "away"):
        return {"saving": "preempted", "woken": "chosen", "away": "away"}[mark]
    if function(step) == "clkdisp" and mnemonic(step).startswith("popa"):
        return "restored"
    found = tick_rules(step, before)
    return None if found == "ticked" else found


def led_rules(step, before):
    """Which chapter begins at this step of a process that another one leads elsewhere."""
    mark = step.get("mark")
    if mark in ("saving", "callback"):
        return {"saving": "put away", "callback": "function"}[mark]
    return mark if mark in ("away", "written", "chosen", "led", "home") else None


def trap_rules(step, before):
    """Which chapter begins at this step of a system call of ring 3."""
    if before is None:
        return "asks"
    if step.get("mark") == "home":
        return "answered"
    return "entered" if before["ring"] == 3 and step["ring"] == 0 else None


def user_rules(step, before):
    """Which chapter begins at this step of a detour in ring 3."""
    mark = step.get("mark")
    if before is None:
        return "asks" if mark == "trap" else "runs"
    if mark == "callback":
        return "called back"
    if mark in ("callback returned", "home"):
        return end_rules(step)
    if before["ring"] == 3 and step["ring"] == 0:
        return "next" if has(before, "claimed") else "entered"
    if before["ring"] == 0 and step["ring"] == 3:
        return "page" if has(step, "claimed") else None
    if before["call"] and not has(before, "claimed") and has(step, "claimed"):
        return "copied"
    return None


def chapters(steps, rules):
    """A list of (index of the first step, title, text)."""
    found, before = {}, None
    for index, step in enumerate(steps):
        name = rules(step, before)
        if name and name not in found:
            found[name] = index
        before = step
    return [(index, *TEXTS[name]) for name, index in found.items()]
