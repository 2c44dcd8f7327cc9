"""Reads what a lab is: labs/NAME/lab.toml, and its sets of checks.

A set of checks is a folder with checks.toml (which there are, and their points), *.c (what is observed) and model.py
(what is expected): `checks` is the public set, `held` the one that starters do not have, `private` a teacher's own.
Mistakes raise LabError, whose text is one line that names the file.
"""

import dataclasses
import importlib.util
import os
import pathlib
import re
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
SETS = ("checks", "held", "private")
TIERS = ("handout", "contract", "boundary", "bonus")
NAME = re.compile(r"[a-z][a-z0-9-]{0,14}")  # of a check: with its end it fits into 16 bytes (labs/observe.h)


class LabError(Exception):
    """A lab is not as it is to be; the text is one line for the person who writes it."""


@dataclasses.dataclass(frozen=True)
class Task:
    number: int
    title: str
    cut: tuple = ()  # (file, name of a function, of an assembly function or of a macro)


@dataclasses.dataclass(frozen=True)
class Check:
    name: str
    task: int
    points: int
    tier: str
    held: bool
    module: str  # the set that it is of
    title: str
    needs: tuple = ()  # checks without which this one says nothing new
    uses: int = 0  # the highest task without whose work it cannot pass; its own, if nothing else is said
    clock: str = "deterministic"  # how the machine runs: a key of tools/run/emulator.py: CLOCKS
    limit: int = 600  # msec of the machine's own time
    answers: tuple = ()  # questions (tools/labs/questions.py) that decide, instead of a boot

    @property
    def function(self):
        return self.name.replace("-", "_")


@dataclasses.dataclass
class Lab:
    name: str
    title: str
    root: pathlib.Path  # of the tree
    files: tuple  # that students change and hand in
    optional: tuple  # those of them that need not be there
    tasks: tuple
    headers: tuple = ()  # files whose leading comment the starter has in another version
    left_out: tuple = ()  # what the starter does not have: paths, or patterns of them
    idioms: tuple = ()  # lines of the solution that may stand elsewhere, too
    suspicious: tuple = ()  # what student's files have no reason to name; regular expressions
    starter_prints: str = "main goes on at msec 100"  # the starter's program, as the beginning of a line
    checks: tuple = ()
    runs: tuple = ()  # what questions are about, and no points: checks without a model
    models: dict = dataclasses.field(default_factory=dict)  # the modules model.py, by set

    @property
    def folder(self):
        return self.root / "labs" / self.name

    @property
    def asks(self):
        """Whether it has questions: see tools/labs/questions.py."""
        return (self.folder / "questions.toml").exists()

    def points(self, tiers=TIERS[:-1]):
        return sum(check.points for check in self.checks if check.tier in tiers)

    def check(self, name):
        found = [check for check in (*self.checks, *self.runs) if check.name == name]
        if not found:
            names = " ".join(check.name for check in (*self.checks, *self.runs))
            raise LabError(f"CHECK={name} is no check of the lab {self.name}; there are: {names}")
        return found[0]


def fields(table, where, required, optional=()):
    """The table, after a look at its keys. optional and required: names with the types of their values."""
    for name, kind in required.items():
        if name not in table:
            raise LabError(f"{where}: {name} is missing")
        if not isinstance(table[name], kind):
            raise LabError(f"{where}: {name} is not a {kind.__name__}")
    known = {**required, **dict(optional)}
    for name, value in table.items():
        if name not in known:
            raise LabError(f"{where}: {name} is not known; there are: {' '.join(known)}")
        if not isinstance(value, known[name]):
            raise LabError(f"{where}: {name} is not a {known[name].__name__}")
    return table


def read_toml(path, root):
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")), str(shown)
    except OSError as error:
        raise LabError(f"{shown}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LabError(f"{shown}: {error}") from None


def parse_cut(text, where):
    """("file: one, two") -> ((file, one), (file, two))"""
    file, colon, names = text.partition(":")
    parsed = tuple((file, name.strip()) for name in names.split(","))
    if not colon or not all(name for _, name in parsed):
        raise LabError(f'{where}: "{text}" is not like "file: function, function"')
    return parsed


def parse_task(table, where):
    where = f"{where}: task {table.get('number', '?')}"
    fields(table, where, {"number": int, "title": str}, {"cut": list})
    cut = tuple(each for text in table.get("cut", ()) for each in parse_cut(text, where))
    return Task(table["number"], table["title"], cut)


def parse_check(table, where, module, tasks):
    where = f"{where}: check {table.get('name', '?')}"
    fields(table, where, {"name": str, "task": int, "points": int, "tier": str, "title": str},
           {"needs": list, "uses": int, "clock": str, "limit": int, "answers": list})
    if not NAME.fullmatch(table["name"]):
        raise LabError(f"{where}: a name has up to 15 letters, digits and hyphens, and begins with a letter")
    if table["tier"] not in TIERS:
        raise LabError(f"{where}: tier is not one of {' '.join(TIERS)}")
    if table["task"] not in tasks:
        raise LabError(f"{where}: there is no task {table['task']}")
    if table["points"] < 1:
        raise LabError(f"{where}: points are 1 or more")
    given = {**table, "needs": tuple(table.get("needs", ())), "uses": table.get("uses", table["task"]),
             "answers": tuple(table.get("answers", ()))}
    return Check(held=module != "checks", module=module, **given)


def load_model(folder, lab, module):
    path = folder / "model.py"
    spec = importlib.util.spec_from_file_location(f"model_{lab}_{module}", path)
    model = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(model)
    except Exception as error:  # pylint: disable=broad-except; whatever is wrong with it
        raise LabError(f"labs/{lab}/{module}/model.py: {type(error).__name__}: {error}") from None
    return model


def load_set(lab, folder, module):
    """The checks of this set, and its model."""
    table, where = read_toml(folder / "checks.toml", lab.root)
    fields(table, where, {"check": list})
    checks = [parse_check(each, where, module, {task.number for task in lab.tasks}) for each in table["check"]]
    model = load_model(folder, lab.name, module)
    for check in checks:
        if not getattr(getattr(model, check.function, None), "__doc__", None):
            raise LabError(f"{where}: check {check.name}: model.py has no function {check.function} with a hint as its "
                           "docstring")
    return checks, model


def verify(lab):
    """The checks among each other."""
    seen = {}
    for check in lab.checks:
        where = f"labs/{lab.name}/{check.module}/checks.toml: check {check.name}"
        if check.name in seen:
            raise LabError(f"{where}: there is another of that name")
        unknown = [name for name in check.needs if name not in seen]
        if unknown:
            raise LabError(f"{where}: needs {unknown[0]}, which is no check before it")
        seen[check.name] = check


def names(root=ROOT):
    return sorted(path.parent.name for path in (root / "labs").glob("*/lab.toml"))


def own_checks(name, root=ROOT):
    """The folder of a teacher's own checks: HELD, or labs/NAME/private, where an autograder has them; or None."""
    folder = pathlib.Path(os.environ.get("HELD") or root / "labs" / name / "private")
    if os.environ.get("HELD") and not (folder / "checks.toml").is_file():
        raise LabError(f"HELD={folder} has no checks.toml; see docs/teaching.md")
    return folder if folder.is_dir() else None


def load(name, root=ROOT, private=None):
    """The lab of this name in this tree, with a private set of checks from that folder, if one is given."""
    if name not in names(root):
        raise LabError(f"NAME={name} is no lab; there are: {' '.join(names(root))}")
    table, where = read_toml(root / "labs" / name / "lab.toml", root)
    fields(table, where, {"title": str, "files": list, "task": list},
           {"optional": list, "headers": list, "left_out": list, "idioms": list, "suspicious": list,
            "starter_prints": str})
    lists = {key: tuple(table.get(key, ())) for key in
             ("files", "optional", "headers", "left_out", "idioms", "suspicious")}
    more = {key: table[key] for key in ("starter_prints",) if key in table}
    lab = Lab(name=name, title=table["title"], root=root, **lists, **more,
              tasks=tuple(parse_task(task, where) for task in table["task"]))
    folders = {module: lab.folder / module for module in SETS if (lab.folder / module / "checks.toml").exists()}
    if private:
        folders["private"] = pathlib.Path(private)
    for module, folder in folders.items():
        checks, lab.models[module] = load_set(lab, folder, module)
        lab.checks += tuple(checks)
    verify(lab)
    if lab.asks:
        asked, _ = read_toml(lab.folder / "questions.toml", root)
        lab.runs = tuple(Check(str(each), 0, 0, "handout", False, "checks", "") for each in asked.get("runs", ()))
    return lab
