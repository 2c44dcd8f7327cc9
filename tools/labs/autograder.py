#!/usr/bin/env python3
"""Packs the grader of a lab for a platform: `make autograder NAME=lab FOR=plain|gradescope|autolab|actions`.

plain       build/autograder/NAME-plain.tar.gz: the tree, the key, and how to use them
gradescope  build/autograder/NAME-gradescope.zip: to be uploaded as it is
autolab     build/autograder/NAME-autolab.tar.gz: autograde-Makefile and autograde.tar
actions     build/autograder/NAME-grade.yml: for .github/workflows/ of the students' repositories; public checks only

KEY is the file with the key of the term (see `make grade`); HELD, a folder with checks of your own, goes along.

exit code  meaning
        0  the file is there; its path is printed
       64  a wrong argument
"""

import gzip
import io
import os
import pathlib
import sys
import tarfile
import zipfile

import grade_all
import lab as labs
import starter

PLATFORMS = ("plain", "gradescope", "autolab", "actions")
MOMENT = 1577836800  # of all members: the same tree makes the same archive


def tar(members, compressed=True):
    """The bytes of an archive; members: path -> (content, mode)."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as file:
        for path, (content, mode) in sorted(members.items()):
            member = tarfile.TarInfo(path)
            member.size, member.mtime, member.mode = len(content), MOMENT, mode
            file.addfile(member, io.BytesIO(content))
    return gzip.compress(stream.getvalue(), mtime=MOMENT) if compressed else stream.getvalue()


def zipped(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for path, (content, mode) in sorted(members.items()):
            member = zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0))
            member.external_attr = (0o100000 | mode) << 16
            file.writestr(member, content)
    return stream.getvalue()


def repository(lab, private):
    """All of the working tree, and a teacher's own checks in their place."""
    members = {path: ((lab.root / path).read_bytes(), 0o755 if os.access(lab.root / path, os.X_OK) else 0o644)
               for path in starter.repository_files(lab.root)}
    if private:
        members |= {f"labs/{lab.name}/private/{path.name}": (path.read_bytes(), 0o600)
                    for path in sorted(pathlib.Path(private).iterdir()) if path.is_file()}
    return tar(members)


def template(lab, platform, name):
    return (lab.root / "labs" / "autograder" / platform / name).read_bytes()


def packed(lab, platform, key, private):
    """(name of the file, its content)"""
    if platform == "actions":
        return f"{lab.name}-grade.yml", template(lab, "actions", "grade.yml")
    common = {"detour.tar.gz": (repository(lab, private), 0o600), "lab": (f"{lab.name}\n".encode(), 0o644),
              "key": (key, 0o600)}
    if platform == "plain":
        return f"{lab.name}-plain.tar.gz", tar({**common, "README": (template(lab, "plain", "README"), 0o644)})
    if platform == "autolab":
        members = {"autograde.tar": (tar(common, compressed=False), 0o600),
                   "autograde-Makefile": (template(lab, "autolab", "autograde-Makefile"), 0o644)}
        return f"{lab.name}-autolab.tar.gz", tar(members)
    files = starter.starter_tree(lab).files
    common["starter.tar.gz"] = (tar({path: (files[path], 0o644) for path in lab.files if path in files}), 0o644)
    for name in "setup.sh", "run_autograder":
        common[name] = (template(lab, "gradescope", name), 0o755)
    return f"{lab.name}-gradescope.zip", zipped(common)


def main():
    platform = os.environ.get("FOR", "")
    try:
        if platform not in PLATFORMS:
            raise labs.LabError(f"FOR={platform} is no platform; there are: {' '.join(PLATFORMS)}")
        private = labs.own_checks(os.environ.get("NAME", ""))
        lab = labs.load(os.environ.get("NAME", ""), private=private)
        key = grade_all.read_key(grade_all.key_file(lab))
        name, content = packed(lab, platform, key, private)
    except (labs.LabError, OSError) as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 64
    target = labs.ROOT / "build" / "autograder" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    print(os.path.relpath(target, labs.ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
