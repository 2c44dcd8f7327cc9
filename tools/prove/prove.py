#!/usr/bin/env python3
"""Proves what entry, detour and switch code do, from the machine code of an image, for every state: docs/proof.md.

Usage: prove.py [--only T1,T4...] [--rules COUNT] [--counterexample FILE] IMAGE.elf

--rules: check the CPU's rules against the emulator, with so many random states for each instruction (0: do not).
--counterexample: write one that can be replayed (tools/prove/replay.py) to this file.
Exit code: 0 if all holds; 1 with a counterexample if something does not; 64 for a wrong command.
"""

import argparse
import os
import sys
import time

try:
    import capstone  # noqa: F401
    import z3  # noqa: F401
except ImportError as missing:
    sys.exit(f"prove: {missing.name} is missing; `sh tools/build/setup.sh prove` installs it (python3-z3, "
             "python3-capstone)")

import convention
import detours
import exceptions
import picture
import replay
import rules_check
import stack_use
import switch
import user
from machine_code import Code
from theorem import Proof

PARTS = (detours, exceptions, switch, user, stack_use)
MASKED = "T7"  # part of all others: a claim before each instruction
TEXT_OF_MASKED = "masked: no interrupt can come but in a callback"


def arguments():
    parser = argparse.ArgumentParser(description="Proves what the entry code does.")
    parser.add_argument("--only", default="", help="the theorems to prove, with commas between them")
    parser.add_argument("--rules", type=int, default=0)
    parser.add_argument("--counterexample")
    parser.add_argument("image")
    options = parser.parse_args()
    if not os.path.exists(options.image):
        parser.error(f"there is no image {options.image}")
    return options


def theorems(only):
    every = {name: entry for part in PARTS for name, entry in part.THEOREMS.items()}
    unknown = [name for name in only if name not in every]
    if unknown:
        sys.exit(f"prove: there is no theorem {unknown[0]}; there are {', '.join(every)}")
    return {name: entry for name, entry in every.items() if not only or name in only}


def line(name, text, seconds, what):
    print(f"{name:4} {text:58} {seconds:6.1f} s  {what}", flush=True)


def proved(code, chosen):
    """Proves them one after the other. Returns the first refutation, and the number of claims that T7 made."""
    masked, seconds = 0, 0.0
    for name, (text, state_claims) in chosen.items():
        proof = Proof(code, name, text)
        state_claims(proof)
        refutation = proof.check()
        mine = [claim for claim in proof.claims if not claim.text.startswith(MASKED)]
        masked += len(proof.claims) - len(mine)
        seconds += proof.seconds()
        if refutation:
            line(name, text, proof.seconds(), "DOES NOT HOLD")
            return refutation, masked
        line(name, text, proof.seconds(), f"{proof.paths} paths, {len(mine)} claims")
    return None, masked


def run(options):
    begin = time.monotonic()
    code = Code(options.image)
    refutation, masked = proved(code, theorems([name for name in options.only.split(",") if name]))
    if refutation:
        print(f"\n{picture.drawn(code, refutation)}")
        if options.counterexample:
            replay.write(code, refutation, options.counterexample)
        return 1
    line(MASKED, TEXT_OF_MASKED, 0.0, f"with those above: {masked} claims")
    failed = 0
    if not options.only:
        failed += convention.report(code, line)
    if options.rules:
        failed += rules_check.report(code, options.image, options.rules, line)
    print(f"{'all holds' if not failed else 'something does not hold'}, in {time.monotonic() - begin:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    status = run(arguments())
    sys.stdout.flush()
    os._exit(status)  # z3 4.8 complains at a regular end about objects that it frees in the wrong order
