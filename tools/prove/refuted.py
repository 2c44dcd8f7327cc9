#!/usr/bin/env python3
"""Which known wrong versions of the entry code the proofs refute: `make prove MUTANTS=1`.

Each patch of tests/mutants that changes arch/x86/entry is applied to a copy of the tree, the image is built, and the
proofs run on it. A counterexample is replayed in the emulator. (The tests notice all of them: `make mutants`.)

Usage: refuted.py [NAME...]
Exit code: 0 if each image was built and each counterexample happens in the emulator, too.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATCHES = ROOT / "tests" / "mutants"
CHANGES_ENTRY = re.compile(r"^\+\+\+ b/(arch/x86/entry/\S+\.(?:S|inc)|kernel/base/claimed\.h)", re.MULTILINE)
FALSE = re.compile(r"^(\w+) does not hold: (.*)$", re.MULTILINE)
SECONDS = 600


def mutants(chosen):
    found = {path.stem: path for path in sorted(PATCHES.glob("*.patch")) if CHANGES_ENTRY.search(path.read_text())}
    missing = [name for name in chosen if name not in found]
    if missing:
        sys.exit(f"refuted: {missing[0]} is no mutant of the entry code")
    return {name: path for name, path in found.items() if not chosen or name in chosen}


def copied_tree(folder):
    """The files of the tree that git knows, as they are now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copy2(ROOT / name, target)


def execute(command, folder, **environment):
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=SECONDS, check=False,
                          env={**os.environ, "APP": "apps/tour", "RING": "0", **environment})


def image_of(tree):
    built = execute(["sh", "tools/build/build.sh", "image"], tree)
    if built.returncode:
        sys.exit(f"refuted: an image does not build:\n{built.stdout[-2000:]}")
    return tree / built.stdout.strip().splitlines()[-1]


def judged(tree, image):
    """(theorem, claim, whether it happens in the emulator) if the proofs refute this image; else None."""
    story = tree / "counterexample.json"
    proof = execute([sys.executable, "tools/prove/prove.py", "--counterexample", str(story), str(image)], tree)
    found = FALSE.search(proof.stdout)
    if proof.returncode == 0 or not found:
        return None
    replayed = execute([sys.executable, "tools/prove/replay.py", str(story), str(image)], tree)
    return found[1], found[2], replayed.returncode == 0


def main():
    failed, refuted, chosen = False, 0, mutants(sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="detour-prove-") as folder:
        tree = pathlib.Path(folder)
        copied_tree(tree)
        for name, path in chosen.items():
            subprocess.run(["patch", "-s", "-p1", "-i", path], cwd=tree, check=True)
            found = judged(tree, image_of(tree))
            subprocess.run(["patch", "-s", "-R", "-p1", "-i", path], cwd=tree, check=True)
            refuted += found is not None
            failed |= found is not None and not found[2]
            text = f"{found[0]:4} {found[1]}" if found else "by tests only"
            print(f"{name:36} {text}{'' if not found or found[2] else '   NOT SO IN THE EMULATOR'}", flush=True)
    print(f"{len(chosen)} mutants, {refuted} refuted by a proof")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
