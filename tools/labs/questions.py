"""The questions of a lab: labs/NAME/questions.toml, and the form that students fill in.

    [[question]]
    name = "cost-stack"             what the answer is called in answers.toml
    kind = "number"                 or address, place, order, choice: see tools/labs/answers.py
    run = "arguments"               the check whose run it is about: `make debug CHECK=arguments`
    text = "... {count} ..."
    values = {count = [0, 3]}       numbers drawn for this student, from the first to the last; of addresses, names of
                                    the linker: ["kernel.text", "kernel.etext"]
    steps = {...}                   of an order: text by name; the student has letters for them, in an order of his own
    options = [...]                 of a choice

What is drawn depends on the course, the student and the question. It is no secret: a student has to know it. The
answers are, and each is computed from the student's own kernel.
"""

import dataclasses
import string

import collect
import lab as labs
import parameters

FILE = collect.ANSWERS  # at the root of a starter
KINDS = ("number", "address", "place", "order", "choice")


@dataclasses.dataclass(frozen=True)
class Question:
    name: str
    kind: str
    run: str
    text: str
    values: dict = dataclasses.field(default_factory=dict)
    steps: dict = dataclasses.field(default_factory=dict)
    options: tuple = ()

    @property
    def draws_addresses(self):
        """Whether the student's image has to be there before it can be asked."""
        return any(isinstance(bound, str) for bounds in self.values.values() for bound in bounds)


@dataclasses.dataclass(frozen=True)
class Asked:
    """A question as one student has it."""

    question: Question
    values: dict  # name -> number
    letters: dict  # letter -> name of a step

    @property
    def text(self):
        addresses = {name for name, (first, _) in self.question.values.items() if isinstance(first, str)}
        shown = {name: f"{value:#010x}" if name in addresses else value for name, value in self.values.items()}
        return " ".join(self.question.text.split()).format(**shown)


def parse(table, where):
    where = f"{where}: question {table.get('name', '?')}"
    labs.fields(table, where, {"name": str, "kind": str, "run": str, "text": str},
                {"values": dict, "steps": dict, "options": list})
    if not labs.NAME.fullmatch(table["name"]):
        raise labs.LabError(f"{where}: a name has up to 15 letters, digits and hyphens, and begins with a letter")
    if table["kind"] not in KINDS:
        raise labs.LabError(f"{where}: kind is not one of {' '.join(KINDS)}")
    for kind, key in (("order", "steps"), ("choice", "options")):
        if (table["kind"] == kind) != (key in table):
            raise labs.LabError(f"{where}: {key} belong to the kind {kind}, and to no other")
    if len(table.get("steps", ())) > parameters.NUMBERS:
        raise labs.LabError(f"{where}: an order has at most {parameters.NUMBERS} steps")
    return Question(**{**table, "options": tuple(table.get("options", ()))})


def load(lab):
    """The questions of the lab, by name; none if it asks nothing."""
    path = lab.folder / "questions.toml"
    if not path.exists():
        return {}
    table, where = labs.read_toml(path, lab.root)
    labs.fields(table, where, {"question": list}, {"runs": list})
    found = {}
    for each in table["question"]:
        question = parse(each, where)
        if question.name in found:
            raise labs.LabError(f"{where}: question {question.name}: there is another of that name")
        lab.check(question.run)
        found[question.name] = question
    unknown = {name for check in lab.checks for name in check.answers} - set(found)
    if unknown:
        raise labs.LabError(f"{where}: there is no question {min(unknown)}, for which a check asks")
    return found


def ask(question, course, student, symbol=None):
    """The question as this student has it. symbol(name): the address of a name in the student's image."""
    given = parameters.draw(parameters.PUBLIC_KEY, course, student, f"question {question.name}")
    values = {}
    for i, (name, (first, last)) in enumerate(question.values.items()):
        if isinstance(first, str):
            values[name] = given.between(i, symbol(first), symbol(last) - 1)
        else:
            values[name] = given.between(i, first, last)
    shuffled = sorted(question.steps, key=lambda name: given.number[list(question.steps).index(name)])
    return Asked(question, values, dict(zip(string.ascii_lowercase, shuffled)))


HOW = {
    "number": "a number: 34, or 0x22",
    "address": 'an address: 0x00101234, or "name+0x1f"',
    "place": 'a name and how far from it: "name+0x1f"',
    "order": "letters: \"b c a\"",
    "choice": "one of: ",
}


def form(lab, student):
    """The text of answers.toml before anything is answered."""
    lines = ["# Your answers. `make questions` prints the questions, with what differs from student to student: for",
             "# this id, which is to be the one under which you hand in.", f'student = "{student}"']
    for question in load(lab).values():
        lines += ["", f"# {HOW[question.kind]}{', '.join(question.options)}", f"{question.name} = \"\""]
    return "\n".join(lines) + "\n"
