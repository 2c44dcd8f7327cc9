"""Reads hand-ins: folders, zip files or tar files, one a student, whatever else is in them.

Only the files that the lab lists are taken, and only if they are plain text of a sensible size. Everything else is
ignored or refused with a line that says why; nothing is unpacked, no link is followed.
"""

import dataclasses
import os
import pathlib
import re
import stat
import tarfile
import zipfile

MOST_BYTES = 256 * 1024  # of a file
MOST_PACKED = 4 * 1024 * 1024  # of an archive
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
ANSWERS = "answers.toml"  # of labs that ask questions
STUDENT = re.compile(r"[\w.@+-]{1,64}")


class Refused(Exception):
    """The hand-in cannot be graded; the text is one line for the student."""


@dataclasses.dataclass
class HandIn:
    student: str
    path: pathlib.Path
    files: dict = dataclasses.field(default_factory=dict)  # path -> text
    notes: list = dataclasses.field(default_factory=list)
    refused: str = ""


def plain(name):
    """A name as it can be printed, and be that of a file: whatever a file system may hold."""
    return re.sub(r"[^\w.@+-]", "_", name)[:64]


def name_of(lab, path):
    """The student's id: the name of the folder, or of the file without its ending; `make handin` puts the lab's name
    before it."""
    name = path.name
    for ending in ARCHIVES:
        if name.lower().endswith(ending):
            name = name[:-len(ending)]
            break
    return name.removeprefix(f"{lab.name}-")


def text_of(content, path):
    """The text of a file; Refused if it is none."""
    if len(content) > MOST_BYTES:
        raise Refused(f"{path} has more than {MOST_BYTES // 1024} KiB")
    if b"\0" in content:
        raise Refused(f"{path} is not a text file: it has a zero byte")
    try:
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Refused(f"{path} is not UTF-8: byte {error.start} is 0x{content[error.start]:02x}; save it as UTF-8") \
            from None


def read_plain(base, path):
    """The content of base/path, or None if it is not there. No component may be a link."""
    place = base
    for part in pathlib.PurePosixPath(path).parts:
        place = place / part
        if place.is_symlink():
            raise Refused(f"{path} is, or lies behind, a symbolic link; hand in the file itself")
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}") from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refused(f"{path} is not a regular file")
    with os.fdopen(descriptor, "rb") as file:
        return file.read(MOST_BYTES + 1)


def from_folder(lab, base):
    """The lab's files in this folder; it may also be one folder further down, as archives often have it."""
    inner = [entry for entry in sorted(base.iterdir()) if entry.is_dir() and not entry.is_symlink()]
    if len(inner) == 1 and not any((base / path).exists() for path in lab.files):
        base = inner[0]
    found = {path: read_plain(base, path) for path in lab.files}
    return {path: content for path, content in found.items() if content is not None}


def stripped(name, lab):
    """The path of the lab's file that this member of an archive is, or None."""
    parts = pathlib.PurePosixPath(name).parts
    for candidate in ("/".join(parts), "/".join(parts[1:])):
        if candidate in lab.files:
            return candidate
    return None


def from_zip(lab, archive):
    found = {}
    with zipfile.ZipFile(archive) as file:
        for member in file.infolist():
            path = stripped(member.filename, lab)
            if path is None:
                continue
            if stat.S_ISLNK(member.external_attr >> 16):
                raise Refused(f"{path} is a symbolic link; hand in the file itself")
            with file.open(member) as content:
                found[path] = content.read(MOST_BYTES + 1)
    return found


def from_tar(lab, archive):
    found = {}
    with tarfile.open(archive) as file:
        for number, member in enumerate(file):
            if number > 10000:
                raise Refused("the archive has more than 10000 files")
            path = stripped(member.name, lab)
            if path is None:
                continue
            if not member.isreg():
                raise Refused(f"{path} is not a regular file; hand in the file itself")
            found[path] = file.extractfile(member).read(MOST_BYTES + 1)
    return found


def contents(lab, path):
    """The lab's files in a hand-in, as bytes."""
    name = plain(path.name)
    if path.is_symlink():
        raise Refused(f"{name} is a symbolic link; hand in the folder or the archive itself")
    try:
        if path.is_dir():
            return from_folder(lab, path)
        if path.stat().st_size > MOST_PACKED:
            raise Refused(f"{name} has more than {MOST_PACKED // 1024 // 1024} MiB; pack it with `make handin`, "
                          "only the lab's files")
        if path.name.lower().endswith(".zip"):
            return from_zip(lab, path)
        return from_tar(lab, path)
    except Refused:
        raise
    except Exception as error:  # pylint: disable=broad-except; a damaged archive may raise anything
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0].rstrip(":")
        raise Refused(f"{name} cannot be read: {reason or type(error).__name__}") from None


def add_answers(handin, content):
    """The file of answers. That it is no text costs the answers, and not the kernel's points."""
    try:
        handin.files[ANSWERS] = text_of(content, ANSWERS)
    except Refused as refused:
        handin.files[ANSWERS] = ""
        handin.notes.append(f"{refused}; so nothing is answered")


def read(lab, path):
    """The hand-in at this path."""
    name = name_of(lab, path)
    handin = HandIn(plain(name), path)
    try:
        if not STUDENT.fullmatch(name):
            raise Refused(f"the name {plain(name)} is no student's id: up to 64 letters, digits, and . @ + - _")
        found = contents(lab, path)
        if not found:
            raise Refused(f"none of the lab's files is in it: {' '.join(lab.files)}")
        handin.files = {name: text_of(content, name) for name, content in found.items() if name != ANSWERS}
        if ANSWERS in found:
            add_answers(handin, found[ANSWERS])
    except Refused as refused:
        handin.refused = str(refused)
    missing = [name for name in lab.files if name not in handin.files and name not in lab.optional]
    if missing and not handin.refused:
        handin.notes.append(f"not in it, so the starter's is used: {' '.join(missing)}")
    return handin


def read_all(lab, folder):
    """All hand-ins in a folder, in the order of their names."""
    paths = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
    return [read(lab, path) for path in paths
            if path.is_symlink() or path.is_dir() or path.name.lower().endswith(ARCHIVES)]
