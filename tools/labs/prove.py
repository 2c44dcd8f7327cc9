#!/usr/bin/env python3
"""Proves that a lab can be solved, and that its checks tell right from wrong (`make labs`).

P1  nothing drifts: the starter with its cuts undone is the repository, byte for byte
P2  the starter builds without a word, and its program runs to its end
P3  the starter has no point
P4  the starter with the solution of the first tasks has the points of exactly these
P5  the solution has all points, twice, and the results are the same bytes
P6  each wrong version loses what labs/NAME/wrong.toml says, and no more
P7  the starter has no line of the solution
P8  cheats have no point, accidents have a clear message
P9  the handout shows what the kernel prints (tools/check/docs.py)

NAME=lab: only that one. ONE="name ...": of P3 to P6 and P8 only these, for those who write one. --short: P1, P3, P5 and
P7, and of P2 the build; for `make test`.

exit code  meaning
        0  all is proved
        1  something is not; the lines say what
       64  a wrong argument, or a lab that is not as it is to be
"""

import os
import pathlib
import subprocess
import sys
import time

import answers
import boot
import collect
import cut
import grade_all
import lab as labs
import leak
import result
import sandbox
import starter
import worktree
import wrong

KEY = b"the key of the proofs"


class Grader(grade_all.Grader):
    """Hand-ins with the kernel's own files come with the right answers: those that are true of that very kernel."""

    def __init__(self, *settings):
        super().__init__(*settings)
        self.wrong = {}  # name of a hand-in -> wrong.Wrong, of those with wrong answers
        self.solved = set()  # names of those with right ones

    def answers(self, handin, subject):
        if handin.student in self.wrong:
            each = self.wrong[handin.student]
            return answers.filled(self.lab, subject, each.answers) if each.text is None else each.text
        return answers.filled(self.lab, subject) if handin.student in self.solved else ""


class Proof:
    """The proofs of one lab; failures are printed as they come, and counted."""

    def __init__(self, lab, short):
        self.lab, self.short = lab, short
        self.failures = 0
        self.folder = labs.ROOT / "build" / "labs" / "proofs" / lab.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.grader = Grader(lab, KEY, "", self.folder)

    def require(self, true, proof, text):
        if not true:
            self.failures += 1
            print(f"{self.lab.name}: {proof} FAILED: {text}", flush=True)

    def sources(self):
        """P1 and P7."""
        tree = starter.starter_tree(self.lab)
        for path, each in tree.cuts.items():
            self.require(each.undone() == (self.lab.root / path).read_text(encoding="utf-8"), "P1", path)
        for path, number, line in leak.leaks(tree, self.lab.idioms):
            self.require(False, "P7", f"{path}:{number} has a line of the solution: {line}")

    def files_of(self, tasks):
        """The lab's files with only these tasks cut."""
        cuts = cut.cut_files(self.lab, tasks)
        return {path: cuts[path].text() if path in cuts else text
                for path, text in worktree.solution(self.lab).items()}

    def cut_tasks(self):
        """The numbers of the tasks for which something is cut."""
        return sorted({region.task for path in cut.cut_files(self.lab) if (self.lab.root / path).exists()
                       for region in cut.regions(self.lab, path, (self.lab.root / path).read_text(encoding="utf-8"))
                       if region.task})

    def handins(self):
        """name -> (files, what they are to lose, words of the result)"""
        every = tuple(check.name for check in self.lab.checks)
        numbers = self.cut_tasks()
        found = {"starter": (self.files_of(numbers), every, ""), "solution": (worktree.solution(self.lab), (), "")}
        self.grader.solved |= {"solution", "solution-again"}
        if self.short:
            return found
        found["solution-again"] = found["solution"]
        for last in numbers[:-1]:
            later = [number for number in numbers if number > last]
            lost = tuple(check.name for check in self.lab.checks if check.uses > last or check.answers)
            found[f"up-to-task-{last}"] = (self.files_of(later), lost, "")
        for each in wrong.read(self.lab):
            found[each.name] = (wrong.patched(self.lab, each.name, each.base), each.loses, each.says)
            if each.base == "solution":
                self.grader.solved.add(each.name)
            if each.base == "answers":
                self.grader.wrong[each.name] = each
        return found

    def grade(self, jobs):
        """P3 to P6 and P8: all of them as hand-ins of one run."""
        wanted = self.handins()
        only = os.environ.get("ONE", "").split()
        unknown = [name for name in only if name not in wanted]
        if unknown:
            raise labs.LabError(f"ONE={unknown[0]} is none of {' '.join(wanted)}")
        wanted = {name: wanted[name] for name in only} or wanted
        handins = [collect.HandIn(name, pathlib.Path(name), files) for name, (files, _, _) in wanted.items()]
        found = {}

        def done(each):
            found[each["student"]] = each
            (self.folder / f"{each['student']}.json").write_text(result.as_json(each), encoding="utf-8")
            self.compare(each, *wanted[each["student"]][1:])

        grade_all.grade_each(self.grader, handins, jobs, None, done)
        if "solution" in found and "solution-again" in found:
            self.require(self.same(found["solution"]) == self.same(found["solution-again"]), "P5",
                         "two gradings of the solution differ")
        for name in {"starter", "solution"} & set(found):
            self.require(not found[name].get("warnings"), "P2", f"{name}: {found[name].get('warnings')}")

    @staticmethod
    def same(found):
        return result.as_json({**found, "student": ""})

    def compare(self, found, loses, says):
        """One result with what it is to be."""
        name = found["student"]
        lost = {check["id"] for check in found["checks"] if check["state"] != "passed"}
        if not found["checks"]:
            lost = {check.name for check in self.lab.checks}
        proof = {"starter": "P3", "solution": "P5", "solution-again": "P5"}.get(name, "P6 or P8")
        proof = "P4" if name.startswith("up-to-task-") else proof
        more, fewer = sorted(lost - set(loses)), sorted(set(loses) - lost)
        self.require(not more, proof, f"{name} loses, and is not to: {' '.join(more)}")
        self.require(not fewer, proof, f"{name} is to lose, and does not: {' '.join(fewer)}")
        text = result.as_text(found) + "\n".join(found.get("look", [])) + \
            ("does not build" if found.get("build", "ok") != "ok" else "")
        self.require(says in text, proof, f'the result of {name} does not say "{says}"')
        self.require("error" not in found, proof, f"{name}: {found.get('error')}")
        if not self.short:
            points = f"{found['points']:3}/{found['of']}"
            print(f"{self.lab.name}: {name:28} {points}  {grade_all.one_line(found)}", flush=True)

    def program(self):
        """P2: the program of the handout, on the starter."""
        tree, = grade_all.trees(self.lab, 1, None)
        tree.lay_out({})
        built, output = tree.ninja("app")
        self.require(built and not tree.messages(output), "P2", f"the starter's program: {output[-500:]}")
        image = tree.folder / worktree.KERNEL / "run" / "tour.elf"
        if built:
            check = labs.Check("program", 1, 1, "handout", False, "checks", "")
            booted = boot.boot(image.read_bytes(), check, tree.box.command(sandbox.EMULATOR))
            said = any(line.startswith(self.lab.starter_prints) for line in booted.lines)
            self.require(booted.end in ("off", "panic") and said, "P2",
                         f"the starter's program ended by {booted.end}")
        tree.release()

    def handout(self):
        """P9."""
        page = self.lab.folder / "handout.md"
        done = subprocess.run([sys.executable, "tools/check/docs.py", "--check", str(page)], cwd=labs.ROOT, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.require(done.returncode == 0, "P9", done.stdout.strip())

    def run(self, jobs):
        begun = time.monotonic()
        self.sources()
        self.grade(jobs)
        if not self.short:
            self.program()
            self.handout()
        state = f"{self.failures} FAILED" if self.failures else "all proved"
        print(f"{self.lab.name}: {state} in {time.monotonic() - begun:.0f} s", flush=True)
        return self.failures


def main(arguments):
    short = arguments == ["--short"]
    if arguments and not short:
        print(f"labs: {arguments[0]} is not --short", file=sys.stderr)
        return 64
    try:
        jobs = 1 if short else grade_all.number_of_jobs()
        names = [os.environ["NAME"]] if os.environ.get("NAME") else labs.names()
        return int(any([Proof(labs.load(name), short).run(jobs) for name in names]))
    except labs.LabError as error:
        print(f"labs: {error}", file=sys.stderr)
        return 64
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
