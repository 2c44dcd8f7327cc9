#!/usr/bin/env python3
"""Packs what is handed in: the lab's files, the result of the public checks, and which starter it is.

It sends nothing anywhere. It refuses a starter in which nothing is changed, and files that the grader would refuse; it
warns of changes in other files, of a kernel that does not build, and of fewer points than the last time.

exit code  meaning
        0  build/NAME-STUDENT.zip is there
        1  there is nothing to hand in, or the grader would refuse it
       64  this is no starter
"""

import json
import subprocess
import sys
import zipfile

import collect
import grade
import lab as labs
import parameters
import result
import session

MOMENT = (2020, 1, 1, 0, 0, 0)  # of all members: the same files make the same archive


def git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=labs.ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def starter_commit():
    """The first commit of this repository; empty if there is none."""
    return (git("rev-list", "--max-parents=0", "HEAD").splitlines() or [""])[-1]


def changed_files(commit):
    """The files that differ from the starter, new ones included."""
    if not commit:
        return []
    tracked = git("diff", "--name-only", commit).splitlines()
    return sorted({*tracked, *git("ls-files", "--others", "--exclude-standard").splitlines()})


def own_files(lab):
    """path -> text, as the grader will read them. Raises collect.Refused."""
    found = {path: collect.read_plain(labs.ROOT, path) for path in lab.files}
    return {path: collect.text_of(content, path) for path, content in found.items() if content is not None}


def graded(lab, course, student):
    """The result of the public checks; None if the kernel does not build."""
    image = grade.build(lab)
    if image is None:
        return None
    about, notes = grade.asked(lab, image, course, student)
    for note in notes:
        warn(note)
    verdicts = session.run_checks(lab, image, (parameters.PUBLIC_KEY, course, student), progress=grade.show_progress,
                                  asked=about)
    return result.of_handin(lab, student, verdicts, build="ok")


def warn(text):
    print(f"handin: warning: {text}", file=sys.stderr)


def last_points(archive):
    """The points in an archive of before; 0 if there is none."""
    try:
        with zipfile.ZipFile(archive) as file:
            return json.loads(file.read("result.json"))["points"]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return 0


def pack(archive, members):
    """Writes the archive; members: path -> text."""
    archive.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path, text in sorted(members.items()):
            file.writestr(zipfile.ZipInfo(path, MOMENT), text)


def hand_in(lab, course, student):
    commit = starter_commit()
    changed = changed_files(commit)
    if commit and not set(changed) & set(lab.files):
        raise collect.Refused(f"none of the lab's files is changed: {' '.join(lab.files)}")
    files = own_files(lab)
    others = [path for path in changed if path not in lab.files]
    if others:
        warn(f"changes in other files are not handed in: {' '.join(others[:10])}")
    found = graded(lab, course, student)
    archive = labs.ROOT / "build" / f"{lab.name}-{student or 'student'}.zip"
    members = {**files, "starter.toml": grade.IDENTITY.read_text(encoding="utf-8"), "starter.commit": f"{commit}\n"}
    if found is None:
        warn("it does not build; the messages are above. It will get no points as it is")
    else:
        members["result.json"] = result.as_json(found)
        if found["points"] < last_points(archive):
            warn(f"{found['points']} points; the last one had {last_points(archive)}")
    pack(archive, members)
    shown = f"{found['points']} of {found['of']} points in the public checks" if found else "does not build"
    print(f"{archive.relative_to(labs.ROOT)}: {len(files)} files, {shown}; hand in this file")


def main():
    try:
        if not grade.IDENTITY.exists():
            raise labs.LabError("this is no starter of a lab: `make lab NAME=...` makes one")
        name, course, student = grade.identity()
        hand_in(labs.load(name), course, student)
    except collect.Refused as refused:
        print(f"handin: {refused}", file=sys.stderr)
        return 1
    except labs.LabError as error:
        print(f"handin: {error}", file=sys.stderr)
        return 64
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
