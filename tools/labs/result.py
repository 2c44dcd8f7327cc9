"""The neutral result of one hand-in, from which every report is made, and its text for a terminal.

There is no time, no nonce and no path of this machine in it: two gradings of the same hand-in are the same bytes.
"""

import json
import subprocess

SCHEMA = "detour/grade/v1"


def versions():
    """Of the tools on which points could depend."""
    def first_line(*command):
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
        except OSError:
            return "missing"
        return (done.stdout.splitlines() or ["?"])[0]

    return {"gcc": first_line("i686-linux-gnu-g++", "-dumpfullversion"),
            "qemu": first_line("qemu-system-i386", "--version").removeprefix("QEMU emulator version ").split(" ")[0]}


def again(lab, check):
    """The command that repeats one check."""
    if check.held:
        return f"make debug NAME={lab.name} CHECK={check.name} (in the repository, with these files)"
    return f"make debug CHECK={check.name}"


def of_check(lab, verdict, passed):
    """One check, as the result has it. passed: names of the checks that have passed."""
    check = verdict.check
    found = {"id": check.name, "title": check.title, "task": check.task, "tier": check.tier, "held": check.held,
             "points": verdict.points, "of": check.points, "state": "passed" if verdict.passed else "failed"}
    if verdict.passed:
        return found
    failed = [name for name in check.needs if name not in passed]
    if failed:
        found["needs"] = failed
    found |= {"expected": verdict.expected, "got": verdict.got, "at": list(verdict.at),
              "again": again(lab, check)}
    found["hint"] = " ".join(getattr(lab.models[check.module], check.function).__doc__.split())
    if verdict.stuck:
        found["state"] = "stuck"
    return found


def of_handin(lab, student, verdicts, **more):
    """The result. more: build (`ok`, or the compiler's messages), notes, look, tools and so on."""
    verdicts = sorted(verdicts, key=lambda verdict: (verdict.check.task, verdict.check.tier == "bonus"))
    passed = {verdict.check.name for verdict in verdicts if verdict.passed}
    checks = [of_check(lab, verdict, passed) for verdict in verdicts]
    tasks = [of_task(task, checks) for task in lab.tasks]
    regular = [check for check in checks if check["tier"] != "bonus"]
    return {"schema": SCHEMA, "lab": lab.name, "student": student,
            "points": sum(check["points"] for check in regular), "of": sum(check["of"] for check in regular),
            "bonus": sum(check["points"] for check in checks if check["tier"] == "bonus"),
            "tasks": [task for task in tasks if task["of"]], "checks": checks, **more}


def of_task(task, checks):
    mine = [check for check in checks if check["task"] == task.number and check["tier"] != "bonus"]
    return {"task": task.number, "title": task.title, "points": sum(check["points"] for check in mine),
            "of": sum(check["of"] for check in mine)}


def as_json(result):
    return json.dumps(result, indent=1, ensure_ascii=False) + "\n"


def wrapped(label, text, width=120):
    """The text behind a label, wrapped at the width."""
    words, lines = text.split(" "), [f"      {label:9}"]
    for word in words:
        if len(lines[-1]) + len(word) + 1 > width and lines[-1].strip():
            lines.append(" " * 15)
        lines[-1] += (" " if lines[-1].strip() and not lines[-1].endswith(" ") else "") + word
    return lines


def text_of_check(check):
    """The lines about one check."""
    kind = " bonus" if check["tier"] == "bonus" else ""
    yield f"  task {check['task']}  {check['id']:10} {check['points']:3}/{check['of']:<3} {check['title']}{kind}"
    if check["state"] == "passed":
        return
    if "needs" in check:
        yield f"      needs {' and '.join(check['needs'])}, which failed: begin there"
        return
    yield from wrapped("hint", check["hint"])
    yield f"      expected {check['expected']}"
    yield f"      got      {check['got']}"
    yield from (f"      {'at' if i == 0 else '':9}{line}".rstrip() for i, line in enumerate(check["at"]))
    yield f"      again    {check['again']}"


def as_text(result):
    """For a terminal."""
    lines = []
    if result.get("refused"):
        return f"  {result['refused']}\npoints: 0 of {result['of']}\n"
    lines += [f"  note: {note}" for note in result.get("notes", [])]
    if result.get("build", "ok") != "ok":
        lines += ["  It does not build:", *(f"    {line[:300]}" for line in result["build"].splitlines()[:40])]
    for check in result["checks"]:
        lines += text_of_check(check)
    bonus = f", and {result['bonus']} of bonus" if result.get("bonus") else ""
    return "\n".join([*lines, f"points: {result['points']} of {result['of']}{bonus}"]) + "\n"
