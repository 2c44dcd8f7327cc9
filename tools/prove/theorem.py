"""A theorem: paths are explored, claims are made, and the solver looks for a state in which one does not hold."""

import dataclasses
import time

import z3

from cpu import IF
from explore import Claim, Explorer, Solver


EXAMPLE_STACK = 0x01000100


@dataclasses.dataclass
class Refutation:
    theorem: str
    claim: Claim
    model: z3.ModelRef


class Proof:
    """What one theorem has explored, and what it claims. Claims are judged by check()."""

    def __init__(self, code, name, text):
        self.code, self.name, self.text = code, name, text
        self.solver, self.claims, self.paths, self.steps = Solver(), [], 0, 0
        self.begun = time.monotonic()

    def explore(self, state, contract, stops=(), masked_from=0, masked_until=None):
        """The ends of all paths. T7 is claimed from this instruction on (0: the first), up to one of this kind."""
        explorer = Explorer(self.code, contract, self.solver, Masked(self, masked_from, masked_until))
        ends = explorer.run(state, stops)
        for end in ends:
            if not self.solver.possible(end.conditions):
                raise RuntimeError("the assumptions contradict each other: everything would follow from them")
        self.claims += explorer.claims
        self.paths += len(ends)
        self.steps += sum(len(end.path) for end in ends)
        return ends

    def claim(self, text, state, holds):
        self.claims.append(Claim(text, state, holds if z3.is_bool(holds) else z3.BoolVal(holds)))

    def check(self):
        """The first claim that does not hold, as a Refutation; None if all hold."""
        for claim in self.claims:
            wrong = [*claim.state.conditions, z3.Not(claim.holds)]
            model = self.solver.model(wrong)
            if model is not None:
                begin = claim.state.begin or claim.state
                hints = [begin.get("esp") == EXAMPLE_STACK, *claim.state.hints]  # there the emulator has memory
                return Refutation(self.name, claim, self.solver.model([*wrong, *hints]) or model)
        return None

    def seconds(self):
        return time.monotonic() - self.begun


class Masked:
    """T7: IF is clear at each instruction of the entry code, but directly behind sti, where no interrupt is taken, and
    directly behind a callback, to which that moment belongs."""

    def __init__(self, proof, masked_from, masked_until):
        self.proof, self.masked_from, self.masked_until = proof, masked_from, masked_until

    def __call__(self, state, instruction):
        if self.masked_until and self.masked_until in self.executed(state):
            return
        if len(state.path) >= self.masked_from and not state.inhibited and not state.behind_callback:
            self.proof.claim(f"T7: interrupts are masked before {instruction.text}", state.copy(),
                             z3.simplify(state.eflags & IF == 0))

    def executed(self, state):
        return [self.proof.code.at(address).mnemonic for address in state.path]
