"""T1 to T3: the clock interrupt of a ring-0 process, and the two detours."""

import z3

import layout
import words
from contracts import Contracts
from cpu import FIXED, IF, REGISTERS, RF, anything
from memory import Stack
from rules_control import deliver_interrupt

PROCESS_FLAGS = layout.EFLAGS_OF_PROCESS | FIXED


class Interrupted:
    """Any state of a ring-0 process, before an interrupt; and what shall be so again behind it."""

    def __init__(self):
        self.state = anything()
        self.eip = words.unknown("eip")
        self.stack = Stack(self.state.get("esp"))
        self.state.conditions += self.stack.conditions()

    def unchanged(self, proof, end, why, eip=None):
        """Claims that all is as it was: registers, EFLAGS, EIP, CS, ESP, and memory from ESP up."""
        begin = self.state
        for name in REGISTERS:
            proof.claim(f"{name.upper()} {why}", end, end.get(name) == begin.get(name))
        proof.claim(f"EFLAGS {why}", end, end.eflags == begin.eflags)
        proof.claim(f"CS {why}", end, end.get("cs") == begin.get("cs"))
        proof.claim(f"EIP {why}", end, end.eip == (self.eip if eip is None else eip))
        above = words.unknown("above")
        place = begin.get("esp") + above
        proof.claim(f"memory from ESP up {why}", end,
                    z3.Implies(z3.ULT(above, self.stack.used),
                               end.memory.byte(place) == begin.memory.byte(place)))


def claimed_words(names):
    return [words.unknown(name) for name in names]


class Clock(Interrupted):
    """A tick, with what detour_at_tick() does: it writes the callbacks that it claims."""

    def __init__(self, proof, damaging=False):
        super().__init__()
        self.proof = proof
        self.claimed = claimed_words(("alarm", "message"))
        self.contract = Contracts(self.stack, proof.claims, effects={"detour_at_tick": self.claim_callbacks},
                                  arguments={"clkhandler": 0, "detour_at_tick": 8, "detour_finished": 4,
                                             "end_for_damaged_frame": 4}, damaging=damaging)
        self.state.conditions.append(self.state.eflags & IF == IF)

    def claim_callbacks(self, call, state):
        esp = call.state.get("esp")
        frame, to = call.state.load(esp + 4), call.state.load(esp + 8)
        self.proof.claim("detour_at_tick() gets the frame", call.state,
                         frame == self.state.get("esp") - layout.INTERRUPT_FRAME_BYTES)
        for i, callback in enumerate(self.claimed):
            state.memory = state.memory.write(to + 4 * i, callback)

    def ends(self):
        code = self.proof.code.symbols
        state = self.state.copy()
        deliver_interrupt(state, self.eip, code["clkdisp"])
        state.written.clear()
        return self.proof.explore(state, self.contract, stops={code["cbfmanager"]})

    def is_detour(self, end):
        return isinstance(end.eip, int) and end.eip == self.proof.code.symbols["cbfmanager"]


def names(end):
    return [call.name for call in end.calls]


def end_of_interrupt(proof, end):
    """The controller gets it once, before the handler, which may switch to another process."""
    right = len(end.sent) == 1 and end.sent[0][:2] == (0, layout.PIC_MASTER_COMMAND)
    proof.claim("the end of the interrupt is sent once, before clkhandler()", end, right)
    if right:
        proof.claim("what is sent ends the interrupt", end, end.sent[0][2] == layout.PIC_END_OF_INTERRUPT)


def tick(proof):
    """T1: a tick that changes nothing."""
    clock = Clock(proof)
    ends = [end for end in clock.ends() if not clock.is_detour(end)]
    proof.claim("there are such paths", clock.state, len(ends) >= 2)
    for end in ends:
        calls = names(end)
        proof.claim("first clkhandler() is called, then perhaps detour_at_tick()", end,
                    calls in (["clkhandler"], ["clkhandler", "detour_at_tick"]))
        if calls[-1:] == ["detour_at_tick"]:
            proof.claim("all goes on when detour_at_tick() claims nothing", end,
                        end.calls[-1].after.get("al") == 0)
        end_of_interrupt(proof, end)
        clock.unchanged(proof, end, "is after the iret what it was before the tick")


def run_in_order(proof, end, first, claimed, kinds):
    """Each claimed callback is entered exactly once, in this order, and detour_finished() is then told its kind."""
    made = end.calls[first:]
    callbacks, finished = made[::2], made[1::2]
    names_right = all(call.name == "detour_finished" for call in finished) and len(callbacks) == len(finished)
    proof.claim("each callback is followed by detour_finished()", end, names_right)
    if not names_right:
        return
    kind_of = [call.state.load(call.state.get("esp") + 4) for call in finished]
    ways = []
    for present in subsets(len(claimed), len(callbacks)):
        parts = [word == 0 if i not in present else word != 0 for i, word in enumerate(claimed)]
        for call, kind, i in zip(callbacks, kind_of, present):
            parts += [call.target == claimed[i], kind == kinds[i]]
        ways.append(z3.And(*parts))
    proof.claim("each claimed callback is entered once, in order, and then its kind is finished", end,
                z3.Or(*ways) if ways else z3.BoolVal(False))


def subsets(count, size):
    def below(begin, left):
        if left == 0:
            return [()]
        return [(i, *rest) for i in range(begin, count) for rest in below(i + 1, left - 1)]
    return below(0, size)


def not_damaged(proof, ends):
    """The frame is checked before the iret; unless a callback writes there, the check does not fail."""
    left = []
    for end in ends:
        damaged = "end_for_damaged_frame" in names(end)
        if damaged:
            proof.claim("an undamaged frame is not taken for a damaged one", end, False)
        else:
            left.append(end)
    return left


def alarm_detour(proof):
    """T2: a detour that begins at a tick."""
    clock = Clock(proof)
    clock.state.conditions.append(clock.state.eflags & ~words.word(PROCESS_FLAGS) == 0)
    begins = [end for end in clock.ends() if clock.is_detour(end)]
    proof.claim("there are such paths", clock.state, len(begins) >= 1)
    for begin in begins:
        proof.claim("detour_at_tick() has claimed something", begin, begin.calls[-1].after.get("al") != 0)
        proof.claim("ESP is at the first frame when cbfmanager begins", begin,
                    begin.get("esp") == clock.state.get("esp") - layout.INTERRUPT_FRAME_BYTES)
        end_of_interrupt(proof, begin)
        for end in not_damaged(proof, proof.explore(begin, clock.contract)):
            run_in_order(proof, end, 2, clock.claimed, (layout.CB_ALARM, layout.CB_MESSAGE))
            clock.unchanged(proof, end, "is behind the detour what it was before the tick")


def damaged_frame(proof):
    """T2b: a callback may write over the frame. What iret then loads is still what a process can have."""
    clock = Clock(proof, damaging=True)
    begins = [end for end in clock.ends() if clock.is_detour(end)]
    for end in [end for begin in begins for end in proof.explore(begin, clock.contract)]:
        if "end_for_damaged_frame" in names(end):
            continue
        proof.claim("CS is the kernel's", end, end.get("cs") == layout.SELECTOR_KERNEL_CODE)
        proof.claim("EFLAGS has no bit that a process has not", end, end.eflags & ~words.word(PROCESS_FLAGS) == 0)


def message_detour(proof):
    """T3: a detour on the return of sleepms(). It begins when ret has led to cbfreturn."""
    process = Interrupted()
    begin = process.state
    own = PROCESS_FLAGS & ~RF  # ret has cleared RF (Intel SDM vol. 3, 17.3.1.1)
    begin.conditions.append(begin.eflags & ~words.word(own) == 0)
    begin.eip = proof.code.symbols["cbfreturn"]
    claimed = claimed_words(("alarm", "message", "vacation"))
    original = words.unknown("original")

    def fill_in(call, state):
        record = call.state.load(call.state.get("esp") + 4)
        for i, callback in enumerate(claimed):
            state.memory = state.memory.write(record + 4 * i, callback)
        state.memory = state.memory.write(record + layout.CLAIMED_BYTES + layout.INTERRUPT_FRAME_EIP, original)

    contract = Contracts(process.stack, proof.claims, effects={"detour_at_return": fill_in},
                         arguments={"detour_at_return": 4, "detour_finished": 4, "end_for_damaged_frame": 4})
    ends = not_damaged(proof, proof.explore(begin.copy(), contract, masked_from=2))  # behind pushfl, cli
    proof.claim("there is a path for each choice of callbacks", begin, len(ends) >= 8)
    for end in ends:
        proof.claim("detour_at_return() is called first", end, names(end)[0] == "detour_at_return")
        run_in_order(proof, end, 1, claimed, (layout.CB_ALARM, layout.CB_MESSAGE, 0))
        process.unchanged(proof, end, "is behind the detour what sleepms() left", original)


THEOREMS = {
    "T1": ("a tick that changes nothing", tick),
    "T2": ("an alarm detour: through clkdisp and cbfmanager", alarm_detour),
    "T2b": ("a callback that writes over the frame", damaged_frame),
    "T3": ("a message detour: through cbfreturn", message_detour),
}
