#!/usr/bin/env python3
"""Turns a result into what a platform wants to read.

Usage: platform_results.py gradescope|autolab RESULT.json     prints it
       platform_results.py student METADATA.json              prints the id of the student (Gradescope's metadata)
"""

import hashlib
import json
import pathlib
import sys

import result


def output_of(check):
    """What a student reads about one check."""
    return "\n".join(line.strip() for line in result.text_of_check(check)) if check["state"] != "passed" else "passed"


def gradescope(found):
    """results.json of https://gradescope-autograders.readthedocs.io/en/latest/specs/ (there are no other fields)."""
    public = [check for check in found["checks"] if not check["held"] and check["tier"] != "bonus"]
    total = f"{sum(check['points'] for check in public)} of {sum(check['of'] for check in public)} points in the " \
            "public checks; the others are shown after the due date"
    trouble = found.get("error") or found.get("refused") or \
        (f"It does not build:\n{found['build']}" if found.get("build", "ok") != "ok" else "")
    tests = [{"name": f"{check['id']}: {check['title']}", "number": f"{check['task']}.{number}",
              "score": check["points"], "max_score": 0 if check["tier"] == "bonus" else check["of"],
              "output": output_of(check), "visibility": "after_due_date" if check["held"] else "visible"}
             for number, check in enumerate(found["checks"], 1)]
    tests += [{"name": "to look at", "score": 0, "max_score": 0, "output": "\n".join(found["look"]),
               "visibility": "hidden"}] if found.get("look") else []
    whole = {"output": trouble or "\n".join([*found.get("notes", []), total]), "extra_data": found, "tests": tests}
    if not found["checks"]:
        whole |= {"score": 0}
    return whole


def autolab(found):
    """The last line that Autolab reads: the points of each task. No line of the guest's stands alone above it."""
    return {"scores": {f"task {task['task']}": task["points"] for task in found["tasks"]}}


def student(metadata):
    """An id that is a good file name; anonymous, if the mail address is none."""
    users = metadata.get("users") or [{}]
    name = str(users[0].get("email", "")).split("@", maxsplit=1)[0]
    return name if name.replace(".", "").replace("-", "").replace("_", "").isalnum() else \
        "s" + hashlib.sha256(json.dumps(metadata, sort_keys=True).encode()).hexdigest()[:10]


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in ("gradescope", "autolab", "student"):
        print(__doc__.strip(), file=sys.stderr)
        return 64
    try:
        found = json.loads(pathlib.Path(arguments[1]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        print(f"platform: {arguments[1]} cannot be read: {error}", file=sys.stderr)
        return 1
    if arguments[0] == "student":
        print(student(found))
    elif arguments[0] == "gradescope":
        print(json.dumps(gradescope(found), indent=1))
    else:
        print("".join(f"| {line}\n" for line in result.as_text(found).splitlines()), end="")
        print(json.dumps(autolab(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
