"""Grades all hand-ins in a folder, several at a time, each in a sandbox (`make grade NAME=lab FROM=folder`).

Variables: OUT, where the results go (build/grades/NAME); HELD, a folder with a teacher's own checks; KEY, a file with
the key of this term, from which the numbers of all checks are drawn; COURSE; JOBS, how many at a time; ONE=id, only
this hand-in, for another machine or a batch system; REPORT=1, only the reports, from the results that are there.

exit code  meaning
        0  every hand-in has a result, which may be that it was refused or does not build
        2  the grader itself has failed at one: its result says so and is to be repeated
"""

import collections
import concurrent.futures
import json
import os
import pathlib
import queue
import re
import secrets
import sys

import answers
import collect
import lab as labs
import questions
import report
import result
import sandbox
import session
import worktree

SHORTEST_KEY = 16  # bytes


def read_key(path):
    """The key; a new one if the file does not exist."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_hex(32) + "\n", encoding="utf-8")
        path.chmod(0o600)
        print(f"grade: {path} is a new key; keep it: with another one, a second grading draws other numbers",
              file=sys.stderr)
    key = path.read_bytes().strip()
    if len(key) < SHORTEST_KEY:
        raise labs.LabError(f"KEY={path} has fewer than {SHORTEST_KEY} characters")
    return key


def number_of_jobs():
    text = os.environ.get("JOBS") or str(os.cpu_count() or 1)
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise labs.LabError(f"JOBS={text} is no number of hand-ins to grade at a time; give one from 1 to 256")
    return int(text)


def key_file(lab):
    return pathlib.Path(os.environ.get("KEY") or labs.ROOT / "build" / "labs" / f"{lab.name}.key")


class Grader:
    """What all hand-ins of a run have in common."""

    def __init__(self, lab, key, course, folder):
        self.lab, self.key, self.course, self.folder = lab, key, course, folder
        self.tools = result.versions()

    def grade(self, handin, tree):
        """The result of one hand-in."""
        if handin.refused:
            return self.without_points(handin, refused=handin.refused)
        built, output = tree.build(handin.files)
        if not built:
            return self.without_points(handin, build=output or "no image, and no message")
        identity = (self.key, self.course, handin.student)
        wrapper = tree.box.command(sandbox.EMULATOR)
        subject = answers.subject_of(self.lab, tree.image, self.course, handin.student, wrapper=wrapper)
        text = self.answers(handin, subject) if subject else ""
        if text:
            handin.notes.extend(answers.complaints(text, subject))
        verdicts = session.run_checks(self.lab, tree.image, identity, wrapper=wrapper, jobs=1, asked=(subject, text))
        return self.result(handin, verdicts, build="ok", warnings=output, look=self.look(handin, tree),
                           stuck=[verdict.check.name for verdict in verdicts if verdict.stuck])

    def answers(self, handin, _subject):
        """The text of the hand-in's answers."""
        return handin.files.get(questions.FILE, "")

    def without_points(self, handin, **why):
        found = self.result(handin, [], **why)
        regular = [check for check in self.lab.checks if check.tier != "bonus"]
        return {**found, "of": self.lab.points(), "tasks": [
            {"task": task.number, "title": task.title, "points": 0,
             "of": sum(check.points for check in regular if check.task == task.number)} for task in self.lab.tasks]}

    def result(self, handin, verdicts, **more):
        return result.of_handin(self.lab, handin.student, verdicts, notes=handin.notes, tools=self.tools, **more)

    def look(self, handin, tree):
        """What a person may want to look at: lines of the student's that name what no solution needs."""
        pattern = re.compile("|".join(self.lab.suspicious) or r"(?!)")
        found = []
        for path, number, line in tree.changed(handin.files):
            match = pattern.search(line)
            if match:
                found.append(f"{path}:{number} has {match[0]}")
        return found[:20]

    def grade_safely(self, handin, tree):
        """The same; whatever goes wrong here is no student's fault, and no end of the others' grading."""
        try:
            return self.grade(handin, tree)
        except labs.LabError as error:
            return self.without_points(handin, refused=str(error))
        except Exception as error:  # pylint: disable=broad-except
            return self.without_points(handin, error=f"the grader failed: {type(error).__name__}: {error}")


def trees(lab, count, private):
    """So many trees that no other run is using."""
    found, number = [], 0
    folder = labs.ROOT / "build" / "labs" / "trees"
    while len(found) < count:
        tree = worktree.Worktree(lab, folder / f"{lab.name}{number}", number)
        number += 1
        try:
            tree.prepare(private)
        except labs.LabError as error:
            if "another run" not in str(error) or number > 100:
                raise
            continue
        found.append(tree)
    return found


def grade_each(grader, handins, jobs, private, done):
    """Grades them; done(result) is called for each as it comes."""
    idle = queue.SimpleQueue()
    ours = trees(grader.lab, min(jobs, len(handins)), private)
    for tree in ours:
        idle.put(tree)

    def one(handin):
        tree = idle.get()
        try:
            return grader.grade_safely(handin, tree)
        finally:
            idle.put(tree)

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(one, handin) for handin in handins]
        try:
            for future in concurrent.futures.as_completed(futures):
                done(future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for tree in ours:
        tree.release()


def one_line(found):
    """What is printed when a result is there."""
    if "error" in found:
        return found["error"]
    if "refused" in found:
        return f"refused: {found['refused']}"
    if found["build"] != "ok":
        return "does not build: " + next((line for line in found["build"].splitlines() if "error" in line), "")[:90]
    lost = [check["id"] for check in found["checks"] if check["state"] != "passed" and check["tier"] != "bonus"]
    more = [", look"] if found["look"] else []
    more += [f"; stuck, so grade it again: {' '.join(found['stuck'])}"] if found["stuck"] else []
    return ("lost: " + " ".join(lost) if lost else "all") + "".join(more)


def write_results(grader, handins, jobs, private):
    """Grades, and writes a JSON file each. Returns the results."""
    count, results = len(handins), []

    def done(found):
        results.append(found)
        target = grader.folder / f"{found['student']}.json"
        changed = report.difference(target, found)
        target.write_text(result.as_json(found), encoding="utf-8")
        print(f"[{len(results)}/{count}] {found['student']:12} {found['points']:3}/{found['of']}  {one_line(found)}"
              f"{changed}", flush=True)

    grade_each(grader, handins, jobs, private, done)
    return results


def refuse_twins(handins):
    """Two hand-ins of one name, as a folder and as a zip: nobody can tell which counts."""
    counts = collections.Counter(handin.student for handin in handins)
    for handin in handins:
        if counts[handin.student] > 1:
            raise labs.LabError(f"{counts[handin.student]} hand-ins have the name {handin.student}; remove all but one")


def selected(lab, source):
    """The hand-ins to grade."""
    if not source.is_dir():
        raise labs.LabError(f"FROM={source} is no folder; it is to hold a folder, zip or tar file for each student")
    handins = collect.read_all(lab, source)
    refuse_twins(handins)
    one = os.environ.get("ONE", "").removeprefix(f"{lab.name}-")
    if one:
        handins = [handin for handin in handins if handin.student == one]
    if not handins:
        raise labs.LabError(f"FROM={source} has no hand-in{f' of {one}' if one else ''}: no folder, zip or tar file")
    return handins


def main(source):
    sandbox.require()
    private = labs.own_checks(os.environ.get("NAME", ""))
    lab = labs.load(os.environ.get("NAME", ""), private=private)
    folder = pathlib.Path(os.environ.get("OUT") or labs.ROOT / "build" / "grades" / lab.name)
    folder.mkdir(parents=True, exist_ok=True)
    failed = []
    if os.environ.get("REPORT") != "1":
        key = read_key(key_file(lab))
        jobs = number_of_jobs()
        grader = Grader(lab, key, os.environ.get("COURSE", ""), folder)
        found = write_results(grader, selected(lab, source), jobs, private)
        failed = [each["student"] for each in found if "error" in each]
        if os.environ.get("ONE"):
            print(result.as_text(found[0]), end="")
            return 2 if failed else 0
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    report.write_all(lab, results, folder)
    print(f"{folder}: table.csv, junit.xml and index.html, from {len(results)} results")
    return 2 if failed else 0
