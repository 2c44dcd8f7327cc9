#!/usr/bin/env python3
"""Makes the starter of a lab: a git repository with one commit, which has no line of the solution.

Takes the Makefile's variables NAME, OUT, STUDENT and COURSE from the environment. Prints the folder and the commit.

exit code  meaning
        0  the starter is there
        1  a line of the solution would be in it
       64  a wrong argument, or a lab that is not as it is to be
"""

import os
import pathlib
import shutil
import sys

import lab as labs
import leak
import starter


def main():
    name, student = os.environ.get("NAME", ""), os.environ.get("STUDENT", "")
    try:
        lab = labs.load(name)
        folder = pathlib.Path(os.environ.get("OUT") or f"build/labs/{lab.name}-{student or 'starter'}")
        commit = starter.make(lab, folder, student, os.environ.get("COURSE", ""))
    except (labs.LabError, OSError) as error:
        print(f"lab: {error}", file=sys.stderr)
        return 64
    found = leak.leaks(starter.starter_tree(lab), lab.idioms)
    for path, number, line in found:
        print(f"lab: {path}:{number} has a line of the solution: {line}", file=sys.stderr)
    if found:
        shutil.rmtree(folder)
        return 1
    print(f"{folder}: the starter of the lab {lab.name}, commit {commit[:12]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
