"""Executes machine code for all states at once: from one symbolic state, along every path that some state can take."""

import dataclasses

import z3

import rules_control  # noqa: F401  # pylint: disable=unused-import  # its rules are among RULES
import rules_data
import words
from machine_code import Immediate

RULES = rules_data.RULES
MOST_STEPS = 400  # on one path: entry code has no loops
EXECUTED = set()  # the addresses of all instructions that a proof has executed


@dataclasses.dataclass
class Call:
    """A function or a callback was called, in this state; ESP is at the return address."""

    name: str
    target: z3.BitVecRef
    returns_to: int
    state: object
    after: object = None  # the state in which it has returned

    @property
    def number(self):
        """Of the call instruction on the path, from 1."""
        return len(self.state.path)


@dataclasses.dataclass
class Claim:
    """What shall hold in a state, of all that satisfy its conditions."""

    text: str
    state: object
    holds: z3.BoolRef
    is_rule: bool = False  # without it, the CPU does something else than the rule of the instruction says


class Solver:
    """Asks whether conditions can be met; with a limit, since no answer is no proof."""

    SECONDS = 60

    def __init__(self):
        self.asked = 0

    def model(self, conditions):
        """A model of them; None if there is none."""
        conditions = [z3.simplify(c) for c in conditions]
        if any(z3.is_false(c) for c in conditions):
            return None
        solver = z3.Solver()
        solver.set("timeout", 1000 * self.SECONDS)
        solver.add(*conditions)
        self.asked += 1
        answer = solver.check()
        if answer == z3.unknown:
            raise RuntimeError(f"the solver gives no answer: {solver.reason_unknown()}")
        return solver.model() if answer == z3.sat else None

    def possible(self, conditions):
        return self.model(conditions) is not None


class Explorer:
    """contract(call, state) -> states behind a call; `begin(state, instruction)` is called before each instruction."""

    def __init__(self, code, contract, solver, begin=lambda state, instruction: None):
        self.code, self.contract, self.solver, self.begin = code, contract, solver, begin
        self.claims = []  # of the instructions' own rules

    def run(self, state, stops=()):
        """The states at the ends of all paths: at one of the stops, or where the CPU goes on at no known address."""
        if state.begin is None:
            state.begin = state.copy()
        open_paths, ends = [state], []
        while open_paths:
            state = open_paths.pop()
            while True:
                if not isinstance(state.eip, int) or state.eip in stops and state.path:
                    ends.append(state)
                    break
                state, *others = self.step(state)
                open_paths += others
        return ends

    def step(self, state):
        """The states after one instruction. EIP is None where the path ends: behind ud2, and in the kernel."""
        if len(state.path) >= MOST_STEPS:
            raise RuntimeError(f"no end after {MOST_STEPS} instructions: {self.code.place(state.eip)}")
        instruction = self.code.at(state.eip)
        self.begin(state, instruction)
        state = state.copy()
        state.path.append(state.eip)
        EXECUTED.add(state.eip)
        state.inhibited = state.behind_callback = False
        if instruction.mnemonic == "ud2":
            state.eip = None
            return [state]
        if instruction.mnemonic == "call":
            return self.call(state, instruction)
        if instruction.mnemonic == "int":
            return self.interrupt(state, instruction)
        if instruction.mnemonic not in RULES:
            self.claims.append(Claim(f"there is a rule for {instruction.text}", state, z3.BoolVal(False)))
            state.eip = None
            return [state]
        ways = RULES[instruction.mnemonic](state, *instruction.operands)
        self.claims += [Claim(f"{instruction.text}: {fault.why}", state, fault.required, True)
                        for fault in state.faults]
        state.faults = []
        self.note_stack(state)
        return self.continued(state, ways or [(z3.BoolVal(True), None)], instruction)

    def continued(self, state, ways, instruction):
        successors = []
        for condition, target in ways:
            condition = z3.simplify(condition)
            if z3.is_false(condition) or (len(ways) > 1 and not self.solver.possible([*state.conditions, condition])):
                continue
            after = state.copy() if len(ways) > 1 else state
            if not z3.is_true(condition):
                after.conditions.append(condition)
            after.eip = instruction.next if target is None else target
            if not isinstance(after.eip, int) and z3.is_bv_value(z3.simplify(after.eip)):
                after.eip = z3.simplify(after.eip).as_long()
            successors.append(after)
        return successors

    def call(self, state, instruction):
        """CALL, near (SDM vol. 2). What is called is behind a contract."""
        operand = instruction.operands[0]
        target = words.word(operand.value) if isinstance(operand, Immediate) else operand.read(state)
        state.push(words.word(instruction.next))
        self.note_stack(state)
        name = self.code.names.get(operand.value if isinstance(operand, Immediate) else
                                   getattr(operand, "displacement", None), instruction.text)
        made = Call(name, target, instruction.next, state.copy())
        made.state.eip = operand.value if isinstance(operand, Immediate) else target
        state.calls.append(made)
        return self.contract(made, state)

    def interrupt(self, state, instruction):
        state.calls.append(Call(instruction.text, None, instruction.next, state.copy()))
        state.eip = None
        return [state]

    def note_stack(self, state):
        base, distance = words.split(state.get("esp"))
        if base is not None:
            state.lowest = min(state.lowest, distance)
