#!/usr/bin/env python3
"""Runs a counterexample in the emulator: the wrong result is there, too.

Usage: replay.py COUNTEREXAMPLE.json IMAGE.elf

The file is what `make prove` has written: a state, and at each call what the called code does in the counterexample.
QEMU executes the path instruction by instruction. Exit code: 0 if it ends in the state of the counterexample.
"""

import json
import os
import sys

import z3

import picture
import words
from cpu import REGISTERS, SEGMENTS, VM

WINDOW = 64  # words of the stack, up and down from ESP, which are set
OPEN = {"eflags": 0x3F7FD5}  # what is compared of a register


def concrete(model, state):
    """A state as numbers: registers, and the stack around ESP as (address, word)."""
    value = lambda expression: picture.value(model, expression)  # noqa: E731
    registers = {name: value(state.get(name)) for name in (*REGISTERS, *SEGMENTS)}
    registers["eflags"] = value(state.eflags)
    esp = state.get("esp")
    stack = []
    for i in range(-WINDOW, WINDOW):
        address = z3.simplify(esp + 4 * i)
        stack.append((value(address), value(state.memory.read(address, 4))))
    return {"registers": registers, "stack": stack}


def loaded(model, state):
    """What the path reads from elsewhere than the stack, by the number of the instruction."""
    base, _ = words.split(state.begin.get("esp"))
    return [(number, picture.value(model, address), picture.value(model, read), read.size() // 8)
            for number, address, read in state.loaded if not words.same(words.split(address)[0], base)]


def counterexample(code, refutation):
    model, state = refutation.model, refutation.claim.state
    end = concrete(model, state)["registers"]
    end["eip"] = picture.value(model, state.eip) if z3.is_expr(state.eip) else state.eip
    sides = picture.sides(refutation.claim.holds)
    return {"theorem": refutation.theorem, "claim": refutation.claim.text, "begin": concrete(model, state.begin),
            "path": state.path, "end": end, "loaded": loaded(model, state),
            "calls": [{"number": call.number, "name": call.name, "returns_to": call.returns_to,
                       **concrete(model, call.after)} for call in state.calls if call.after is not None and
                      call.number < len(state.path)],
            "is_rule": refutation.claim.is_rule,
            "wrong": [picture.value(model, side) for side in sides] if sides else None}


def write(code, refutation, path):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(counterexample(code, refutation), file, indent=1)
    print(f"\nthe counterexample is in {path}; to see it in the emulator:\n    python3 tools/prove/replay.py {path} "
          f"{code.path}")


def run(story, there):
    """Executes the path; returns the registers at its end."""
    there.set(story["begin"], story["path"][0])
    calls = {call["number"]: call for call in story["calls"]}
    for number, _ in enumerate(story["path"], 1):
        for at, address, value, count in story["loaded"]:
            if at == number:
                there.write(address, value.to_bytes(count, "little"))
        there.probe.request("s")
        if number in calls:
            there.set(calls[number], calls[number]["returns_to"])
    return there.probe.registers()


def differences(story, registers):
    return [f"{name} is {registers[name]:08x} in the emulator, {value:08x} in the counterexample"
            for name, value in story["end"].items()
            if value is not None and (registers[name] ^ value) & OPEN.get(name, 0xFFFFFFFF)]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    import rules_check  # pylint: disable=import-outside-toplevel
    from machine_code import Code  # pylint: disable=import-outside-toplevel
    with open(sys.argv[1], encoding="utf-8") as file:
        story = json.load(file)
    code = Code(sys.argv[2])
    with rules_check.machine(code, sys.argv[2]) as there:
        registers = run(story, there)
    return verdict(story, differences(story, registers), elsewhere(code, registers))


def elsewhere(code, registers):
    """Whether the last instruction has led where no rule does; then where, as a text."""
    if registers["eflags"] & VM:
        return "virtual-8086 mode"
    in_stub = code.symbols["vector_stubs"] <= registers["eip"] < code.symbols["vector_stubs_end"]
    return "an exception" if in_stub else None


def verdict(story, different, place):
    """Prints what has been seen; returns the exit code."""
    print(f"{story['theorem']}: {story['claim']}\n{len(story['path'])} instructions executed in the emulator")
    if story["is_rule"] and place:
        print(f"the last one leads into {place}: this does happen")
        return 0
    if different:
        print("\n".join(different))
        return 1
    print("it ends in the state of the counterexample: this does happen")
    if story["wrong"]:
        print(f"it is {story['wrong'][0]:08x} and should be {story['wrong'][1]:08x}")
    return 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # as in prove.py
