#!/usr/bin/env python3
"""Runs a lab's checks on the kernel of this tree; or, with FROM, on all hand-ins in a folder (tools/labs/grade_all.py).

Takes the Makefile's variables from the environment: CHECK=name runs one check and shows its whole console; NAME names
the lab where the tree is no starter.

exit code  meaning
        0  the checks have run, whatever came out
        1  the kernel does not build
       64  a wrong argument
      130  interrupted by Ctrl-C
"""

import os
import pathlib
import subprocess
import sys
import tomllib

import answers
import boot
import collect
import judge
import lab as labs
import parameters
import result
import session

IDENTITY = labs.ROOT / "starter.toml"


def identity():
    """(lab, course, student) of this tree."""
    if not IDENTITY.exists():
        return os.environ.get("NAME", ""), "", ""
    try:
        table = tomllib.loads(IDENTITY.read_text(encoding="utf-8"))
        return str(table["lab"]), str(table.get("course", "")), str(table.get("student", ""))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise labs.LabError(f"starter.toml is not as it was: {error}; `git checkout starter.toml` brings it back") \
            from None


def build(lab):
    """The image of the lab's checks with this tree's kernel; None, after the messages, if it does not build."""
    done = subprocess.run(["sh", "tools/build/build.sh", "lab", lab.name], cwd=labs.ROOT, stdout=subprocess.PIPE,
                          text=True, check=False)
    return labs.ROOT / done.stdout.strip() if done.returncode == 0 else None


def asked(lab, image, course, student):
    """(what session.run_checks() wants to know about the answers of this tree, what cannot be read of them)"""
    try:
        text, notes = answers.text_in(labs.ROOT), []
    except collect.Refused as refused:
        text, notes = "", [str(refused)]
    subject = answers.subject_of(lab, image, course, student or answers.student_in(text))
    if subject is None:
        return None, []
    return (subject, text), notes + (answers.complaints(text, subject) if text else [])


def show_progress(done, count):
    if sys.stderr.isatty():
        print(f"\r{done}/{count} checks" if done < count else "\r\033[K", end="", file=sys.stderr, flush=True)


def run_one(lab, name, image, who):
    """One check, with its whole console."""
    check = lab.check(name)
    if check.answers:
        verdict, = session.run_checks(lab, image, who, checks=[check], asked=asked(lab, image, *who[1:])[0])
        print("\n".join(result.text_of_check(result.of_handin(lab, who[2], [verdict])["checks"][0])))
        return
    given = parameters.draw(*who, check.name)
    booted = boot.boot(parameters.prepared(image, check, 0, given), check)
    print("\n".join(booted.lines).strip("\n"))
    if check in lab.runs:  # what questions are about: nothing is expected of it
        return
    expected = getattr(lab.models[check.module], check.function)(given)
    verdict = judge.judge(check, booted, 0, expected)
    shown = result.of_handin(lab, who[2], [verdict])["checks"][0]
    print("\n".join(result.text_of_check(shown)))


def own_tree():
    name, course, student = identity()
    lab = labs.load(name)
    who = (parameters.PUBLIC_KEY, course, student)
    chosen = os.environ.get("CHECK", "")
    if chosen:
        lab.check(chosen)
    image = build(lab)
    if image is None:
        return 1
    if chosen:
        run_one(lab, chosen, image, who)
    else:
        about, notes = asked(lab, image, course, student)
        verdicts = session.run_checks(lab, image, who, progress=show_progress, asked=about)
        found = result.of_handin(lab, student, verdicts, notes=notes)
        print(result.as_text(found), end="")
        target = labs.ROOT / "build" / f"grade-{lab.name}.json"
        target.write_text(result.as_json(found), encoding="utf-8")
    return 0


def main():
    try:
        if os.environ.get("FROM") or os.environ.get("REPORT") == "1":
            if IDENTITY.exists():
                raise labs.LabError("FROM=... is for the repository; a starter grades itself")
            import grade_all  # pylint: disable=import-outside-toplevel; starters do not have it
            return grade_all.main(pathlib.Path(os.environ.get("FROM", "")))
        return own_tree()
    except labs.LabError as error:
        print(f"grade: {error}", file=sys.stderr)
        return 64
    except boot.emulator.EmulatorError as error:
        print(f"grade: {error}", file=sys.stderr)
        return int(boot.emulator.Outcome.EMULATOR)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
