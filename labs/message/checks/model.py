"""What the public checks of the message lab report on a right kernel, and what to think about if they do not.

One function a check: it gets the numbers (tools/labs/parameters.py) and returns the lines; its docstring is the hint.
In a line, {3..5} is any number from 3 to 5.
"""

RIGHT = "the word by which sleepms() returns"
LOST = "not found"


def register(_given):
    """cbsignal(CB_MESSAGE, cbf, val) returns 0, whatever val is, and sets pretype to 2, prmsgreg to 1, and prcbf2.
    cbsignal() and register_event() are there; they call register_message() (R2)."""
    return ["before pretype 0 pralarmreg 0 prmsgreg 0", "cbsignal returns 0", "after pretype 2 pralarmreg 0 prmsgreg 1",
            "prcbf2 is the callback"]


def order(_given):
    """pretype says which events are outstanding: 1 and 2 make 3, whichever came first; and there is one message
    callback at a time (R1, R2)."""
    return ["alarm first: accepted", "then message: accepted", "both pretype 3 pralarmreg 1 prmsgreg 1",
            "message again: refused", "prcbf2 is the first callback",
            "message first: accepted", "then alarm: accepted", "both pretype 3 pralarmreg 1 prmsgreg 1"]


def find(given):
    """From the saved stack pointer, word SAVED_LINK is the frame of ctxsw(). Follow the saved EBPs from there, frame by
    frame: whose return address stands above each of them (R13)?"""
    return [f"below {given.between(i, 0, 9)} frames: {RIGHT}" for i in range(3)]


def one_word(_given):
    """send() to a process that sleeps with a message callback registered rewrites the word that find_sleepms_slot()
    has found, on the receiver's stack, not on its own (R13). Without a registration it leaves the stack alone."""
    return ["without a callback: no word of the stack has changed",
            "with one: the word by which sleepms() returns has changed"]


def calls(_given):
    """The return address in ctxsw's frame is in resched(), that in resched's frame in sleepms(). A range begins with
    its first byte, and `end` is the first that is not in it (R14)."""
    return [f"{call}: {what}" for call in ("ctxsw was called in resched", "resched was called in sleepms")
            for what in (f"the first byte: {RIGHT}", f"a byte in between: {RIGHT}", f"the last byte: {RIGHT}",
                         f"the byte below: {LOST}", f"the byte behind: {LOST}", f"0: {LOST}",
                         f"another function: {LOST}")]


def links(_given):
    """Before a frame is read: is its address a multiple of 4, above the frame before, and are both of its words on the
    stack (R14)? FrameWalk does that, if each step is asked whether there was a frame."""
    return [f"as it is: {RIGHT}",
            *(f"{where}: {what}: {LOST}" for where in ("from ctxsw's frame", "from resched's frame")
              for what in ("unaligned", "to itself", "downwards", "below the stack", "above the stack", "0",
                           "0xfffffffc"))]


def planted(_given):
    """The word gets the address of cbfreturn, and what it held goes to prdetour.original, or the process could never
    come back. The receiver sleeps on, and the message stays in its mailbox (R13, R15, R18)."""
    return ["send returns 1", "sleepms() will return to cbfreturn", "the table keeps where it was to return to",
            "the receiver sleeps on", "its mailbox holds the message"]


def twice(_given):
    """While a detour is planted, no send() rewrites anything, even if the mailbox is empty again: the second time, the
    word holds cbfreturn, and that would then be the address to go back to (R18)."""
    return ["a second send returns -1", f"afterwards: {RIGHT} has changed", "a third one returns 1",
            "since the second one: no word of the stack has changed", "the table keeps where it was to return to"]


def deliver(given):
    """sleepms() returns into cbfreturn, after its full time and in the receiver. Claim what is due, run it at .Lrun,
    and go on at the address that the table has kept (R13, R15, R17)."""
    msec = given.between(0, 10, 60)
    return [f"callback in sleeper at {msec}, message {given.between(5, 1, 1000000)}",
            f"sleepms returns at {msec}; callbacks: 1"]


def registers(given):
    """What has EAX been since sleepms() returned? cbfreturn builds the frame that .Lrun expects: eleven words, so that
    popal and iret restore everything, and leave ESP where the ret of sleepms() left it (R17)."""
    numbers = given.number
    return ["callbacks: 1", "eax, the result of sleepms(): 1", f"ebx {numbers[8]:08x}", f"esi {numbers[7]:08x}",
            f"edi {numbers[6]:08x}", "ebp is 0 bytes off", "esp is 0 bytes off"]


def late(_given):
    """prmsgreg and pretype say that the callback has not run: send() leaves them alone, and so does what wakes the
    receiver. Only when it is about to take the detour they are taken back (R10, R15)."""
    return [f"{when} pretype 2 pralarmreg 0 prmsgreg 1" for when in
            ("before send:", "after send:", "it is awake, and not current:")] + \
        ["in the callback: pretype 0 pralarmreg 0 prmsgreg 0"]


def by_clock(given):
    """A process that does not sleep gets its callback as an alarm does, at its next clock interrupt (R16). That is
    given, and asks message_is_due(); an event is over when it is claimed (R3)."""
    delay = given.between(0, 5, 40)
    return ["send returns 1", f"callback 1 at {delay + 1}, message {given.between(1, 1, 1000000)}", "callbacks: 1",
            "another message, callbacks: 1"]


def user(given):
    """Ring 3 uses the same registration and the same claim. It sees its fields in the window page, which
    publish_registrations() brings up to date; and nothing is planted on its stack (R24)."""
    return ["cbsignal returns 0", "in the callback prmsgreg of the window page is 0", "the callback runs in ring 3",
            f"its message is {given.between(1, 1, 1000000)}", "sleepms returns 1", "callbacks before it returns: 1"]
