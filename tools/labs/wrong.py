"""Wrong versions of a lab's solution, other solutions, cheats and accidents, as hand-ins, and what each comes to.

labs/NAME/wrong.toml is the list; each is a patch that changes only files which are handed in. Patches of the solution
are in tests/mutants or labs/NAME/wrong, those of the starter in labs/NAME/wrong only. Wrong answers need no patch: the
list has what is handed in instead of the right ones.
"""

import dataclasses
import os
import pathlib
import subprocess
import tempfile

import cut as cuts
import lab as labs


@dataclasses.dataclass(frozen=True)
class Wrong:
    name: str
    base: str  # what is patched: solution or starter; or answers, of the solution
    loses: tuple  # checks, no more and no fewer
    says: str = ""  # words of the result, as text
    answers: dict = dataclasses.field(default_factory=dict)  # by question, instead of the right ones
    text: str | None = None  # the whole file of answers


def read(lab):
    """The list of the lab."""
    table, where = labs.read_toml(lab.folder / "wrong.toml", lab.root)
    labs.fields(table, where, {"solution": dict, "starter": dict, "cheat": dict}, {"answers": dict})
    known = tuple(check.name for check in lab.checks)
    found = []
    for base in "solution", "starter":
        for name, checks in table[base].items():
            unknown = set(checks.split()) - set(known)
            if unknown:
                raise labs.LabError(f"{where}: {name} loses {min(unknown)}, which is no check")
            found.append(Wrong(name, base, tuple(checks.split())))
    for name, each in table.get("answers", {}).items():
        labs.fields(each, f"{where}: {name}", {"loses": str}, {"says": str, "text": str, "set": dict})
        found.append(Wrong(name, "answers", tuple(each["loses"].split()), each.get("says", ""), each.get("set", {}),
                           each.get("text")))
    return found + [Wrong(name, "starter", known, says) for name, says in table["cheat"].items()]


def patch_of(lab, name):
    for folder in (lab.folder / "wrong", lab.root / "tests" / "mutants"):
        if (folder / f"{name}.patch").exists():
            return folder / f"{name}.patch"
    raise labs.LabError(f"labs/{lab.name}/wrong.toml: {name}.patch is neither in labs/{lab.name}/wrong nor in "
                        "tests/mutants")


def write(files, folder):
    """A hand-in: path -> text."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def starter_files(lab):
    return {path: cut.text() for path, cut in cuts.cut_files(lab).items() if path in lab.files}


def marked_solution(lab):
    return {path: (lab.root / path).read_text(encoding="utf-8") for path in lab.files if (lab.root / path).exists()}


def patched(lab, name, base):
    """The files of the solution, or of the starter, with this patch."""
    if base == "answers":
        return {path: cuts.without_marks(text) for path, text in marked_solution(lab).items()}
    patch = patch_of(lab, name)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        write(marked_solution(lab) if base == "solution" else starter_files(lab), root)
        environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(root.parent)}
        done = subprocess.run(["git", "apply", "--whitespace=nowarn", str(patch)], cwd=root, env=environment,
                              stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise labs.LabError(f"{patch} does not apply to the {base} of the lab {lab.name}: {done.stderr.strip()}")
        present = {str(path.relative_to(root)): path for path in root.rglob("*") if path.is_file()}
        strange = set(present) - set(lab.files)
        if strange:
            raise labs.LabError(f"{patch} makes {min(strange)}, which is not handed in")
        return {name: cuts.without_marks(path.read_text(encoding="utf-8")) for name, path in present.items()}


def write_all(lab, folder, chosen):
    """Hand-ins of these, by their names."""
    for each in chosen:
        write(patched(lab, each.name, each.base), folder / each.name)
