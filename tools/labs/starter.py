"""The tree that students start from: the repository, with what a lab cuts out and leaves out."""

import dataclasses
import fnmatch
import os
import re
import subprocess

import cut
import questions
from lab import LabError, read_toml

TOUR = "apps/tour"  # what `make run` starts
IDENTITY = "starter.toml"  # at the root of a starter: which lab, whose
RULE = re.compile(r"^([a-z-]+):(?!=)[^\n]*\n(?:(?:\t[^\n]*)?\n)*", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Tree:
    """Files by path; of those in which something is cut, the Cut, too."""

    files: dict  # path -> bytes
    modes: dict  # path -> whether it is executable
    cuts: dict


def repository_files(root):
    """All files of the working tree that git knows or would add; in an autograder's copy, all that are there."""
    if not (root / ".git").exists():
        paths = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
        return sorted(str(path) for path in paths if path.parts[0] != "build" and "__pycache__" not in path.parts)
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root,
                            stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
    return sorted(name for name in set(listed) if name and (root / name).is_file())


def common(root):
    """What labs/common.toml says."""
    table, where = read_toml(root / "labs" / "common.toml", root)
    missing = {"left_out", "kept", "verbs", "sections"} - set(table)
    if missing:
        raise LabError(f"{where}: {min(missing)} is missing")
    return table


def matches(path, patterns):
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def app_of(lab):
    """The folder of what `make run` starts: that of the program which students write, if this is such a lab."""
    own = f"apps/{lab.name}"
    return own if (lab.root / own).is_dir() else TOUR


def is_in_starter(lab, path, shared):
    if path in shared["kept"] or path.startswith(f"apps/{lab.name}/"):
        return True
    if path.startswith("labs/") and path.count("/") > 1 and not path.startswith(f"labs/{lab.name}/"):
        return False
    return not matches(path, (*shared["left_out"], *lab.left_out))


def without_sections(text, headings, path):
    """The page without these sections of the second level."""
    for heading in headings:
        text, count = re.subn(rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)", "", text, flags=re.MULTILINE | re.DOTALL)
        if count != 1:
            raise LabError(f"labs/common.toml: {path} has {count} sections `{heading}`")
    return text.rstrip("\n") + "\n"


def with_verbs(makefile, verbs):
    """The Makefile with these rules only."""
    kept = RULE.sub(lambda match: match[0] if match[1] in verbs else "", makefile)
    kept = re.sub(r"\A(?:#[^\n]*\n)+", "# The starter of a lab: `make help` lists the verbs.\n", kept)
    return re.sub(r"^\.PHONY:(?:[^\n]*\\\n)*[^\n]*$", f".PHONY: {' '.join(verbs)}", kept, flags=re.MULTILINE)


def page_of(lab):
    """The handout, as the starter's README: links lead from the root."""
    text = (lab.folder / "handout.md").read_text(encoding="utf-8")
    text = re.sub(r"^<!-- output: [^\n]*-->\n", "", text, flags=re.MULTILINE)
    return text.replace("](../../", "](")


def program_of(lab):
    """The handout's program."""
    blocks = re.findall(r"^```c\n(.*?)^```$", (lab.folder / "handout.md").read_text(encoding="utf-8"),
                        re.MULTILINE | re.DOTALL)
    if len(blocks) != 1:
        raise LabError(f"labs/{lab.name}/handout.md: has {len(blocks)} blocks of C; one is the program of `make run`")
    return blocks[0]


def starter_tree(lab, tasks=None):
    """The starter; with tasks, one in which only these are cut."""
    shared = common(lab.root)
    files, modes = {}, {}
    for path in repository_files(lab.root):
        if is_in_starter(lab, path, shared):
            files[path] = (lab.root / path).read_bytes()
            modes[path] = os.access(lab.root / path, os.X_OK)
    cuts = cut.cut_files(lab, tasks)
    for path, each in cuts.items():
        files[path] = each.text().encode()
    for path, headings in shared["sections"].items():
        files[path] = without_sections(files[path].decode(), headings, path).encode()
    for path, content in files.items():  # other labs' marks
        if path.startswith(cut.FOLDERS) and b"// [lab " in content:
            files[path] = cut.without_marks(content.decode()).encode()
    if lab.asks:
        files[questions.FILE] = questions.form(lab, "").encode()
    files["Makefile"] = with_verbs(files["Makefile"].decode(), shared["verbs"]).encode()
    files["README.md"] = page_of(lab).encode()
    files[f"{app_of(lab)}/main.c"] = program_of(lab).encode()
    for path in files:
        if app_of(lab) != TOUR and not path.startswith("apps/"):
            files[path] = files[path].replace(TOUR.encode(), app_of(lab).encode())
    return Tree(files, modes, cuts)


def write_file(path, content, executable=False):
    """Writes the file if it has another content: unchanged ones keep their times, and their objects."""
    if path.is_symlink() or not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(content)
    path.chmod(0o755 if executable else 0o644)


def write_tree(tree, folder):
    """Makes the folder hold these files, and no others but what lies in build/ and .git/."""
    for path, content in tree.files.items():
        write_file(folder / path, content, tree.modes.get(path, False))
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder)
        if name.parts[0] in ("build", ".git") or (path.is_dir() and not path.is_symlink()):
            continue
        if str(name) not in tree.files:
            path.unlink()


def identity(lab, student, course):
    """The text of starter.toml."""
    for what, value in (("STUDENT", student), ("COURSE", course)):
        if not re.fullmatch(r"[\w.@+-]{0,64}", value):
            raise LabError(f"{what}={value} is to have up to 64 letters, digits, and . @ + - _")
    return f'# Which lab this is, and whose. Leave it as it is: the hand-in carries it along.\n' \
           f'lab = "{lab.name}"\nstudent = "{student}"\ncourse = "{course}"\n'


def git(folder, *arguments, **environment):
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **environment}
    done = subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **settings}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise LabError(f"git {arguments[0]} in {folder} failed: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout.strip()


def commit(lab, folder):
    """Makes the folder a repository with one commit. The same tree makes the same commit, for every student."""
    moment = git(lab.root, "log", "-1", "--format=%cI")
    author = {f"GIT_{role}_{field}": value for role in ("AUTHOR", "COMMITTER") for field, value in
              (("NAME", "Detour labs"), ("EMAIL", "labs@detour.invalid"), ("DATE", moment))}
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A", "-f", ".")
    git(folder, "commit", "-q", "-m", f"The {lab.title.lower()} lab: the starter", **author)
    return git(folder, "rev-parse", "HEAD")


def make(lab, folder, student="", course=""):
    """Writes the starter to this folder, which is to be new or empty; returns its commit."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LabError(f"OUT={folder} exists already and is not empty; remove it, or name another folder")
    tree = starter_tree(lab)
    tree.files[IDENTITY] = identity(lab, student, course).encode()
    if lab.asks:
        tree.files[questions.FILE] = questions.form(lab, student).encode()
    folder.mkdir(parents=True, exist_ok=True)
    write_tree(tree, folder)
    return commit(lab, folder)
