"""Judges the answers that are handed in with a lab: answers.toml.

No table has the right ones. A check with `answers` names questions (tools/labs/questions.py); the function of that name
in its model.py gets a Subject, the student's own image and what is asked, finds out what is true of it, and returns it
by question. Here the two are compared, whatever the student's way of writing is.
"""

import bisect
import contextlib
import pathlib
import re
import tomllib

import collect
import judge
import lab as labs
import parameters
import probe
import questions

MOST_BYTES = 16 * 1024
MOST = 2 ** 64
PLACE = re.compile(r"<?([A-Za-z_.][\w.:~]*)\s*(?:\+\s*(\w+))?>?")
BOUNDS = ("text", "etext", "data", "edata", "bss", "ebss", "end")
TEMPLATE = re.compile(r"<[^<>]*>")


class AnswerError(Exception):
    """An answer, or the whole file, cannot be read; the text is one line for the student."""


def read(text):
    """answers.toml as a table."""
    if len(text.encode()) > MOST_BYTES:
        raise AnswerError(f"{questions.FILE} has more than {MOST_BYTES // 1024} KiB; it is to hold answers only")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # of tomllib, or of what it calls for a number with many digits
        reason = str(error).partition("\n")[0][:120]
        raise AnswerError(f"{questions.FILE} is not TOML: {reason or type(error).__name__}; a line is to be like "
                          'name = "answer"') from None


def whole(text):
    """A number in decimal, or in hex with 0x."""
    text = text.strip().replace("_", "").replace(",", "")
    with contextlib.suppress(ValueError):
        return int(text, 10)
    return int(text, 16) if re.fullmatch(r"0[xX][0-9a-fA-F]{1,16}|[0-9a-fA-F]{8}", text) else None


def number(value, _subject, _asked):
    found = whole(value) if isinstance(value, str) and len(value) < 40 else value
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) > MOST:
        raise AnswerError("is no number; write it like 34 or 0x22")
    return found


def address(value, subject, _asked):
    """A number, or a symbol of the student's image with an offset: a number, whichever way it is written."""
    if isinstance(value, str) and len(value) < 200:
        place = PLACE.fullmatch(value.strip())
        found = subject.symbols.get(place[1], []) if place and not whole_address(value) else []
        offset = whole(place[2] or "0") if place else None
        if len(found) == 1 and offset is not None:
            return found[0] + offset
        value = whole_address(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MOST:
        raise AnswerError('is no address; write it like 0x00101234, or "name+0x1f" with a name of System.map')
    return value


def place(value, subject, _asked):
    """A name and an offset, of which the name counts, too: it is to be the nearest before that address."""
    found = PLACE.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 200 else None
    name, offset = (plain(found[1]), whole(found[2] or "0")) if found else ("", None)
    if offset is None or name not in subject.plain:
        raise AnswerError('is no place; write it like "name+0x1f", with a name of System.map')
    places = [start + offset for start in subject.plain[name] if subject.nearest(start + offset)[0] == start]
    return places or f"{name}+{offset:#x}"


def whole_address(text):
    """In hex, with 0x or as eight digits; nothing else, since nobody writes an address in decimal."""
    text = text.strip()
    return int(text, 16) if re.fullmatch(r"(?:0[xX])?[0-9a-fA-F]{8}|0[xX][0-9a-fA-F]{1,8}", text) else None


def order(value, _subject, asked):
    """Letters in any notation: "b c a", "b, c, a", "B > C > A", ["b", "c", "a"]; as names of steps."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        value = " ".join(value)
    found = re.split(r"[\s,;>-]*", value.strip().lower()[:200]) if isinstance(value, str) else []
    found = [each for each in found if each]
    if sorted(found) != sorted(asked.letters):
        raise AnswerError(f"is to have each of the letters {' '.join(asked.letters)} once")
    return [asked.letters[each] for each in found]


def choice(value, _subject, asked):
    found = " ".join(value.lower().split()) if isinstance(value, str) else ""
    if found not in asked.question.options:
        raise AnswerError(f"is to be one of: {', '.join(asked.question.options)}")
    return found


PARSERS = {"number": number, "address": address, "place": place, "order": order, "choice": choice}


def plain(name):
    """The name of a C++ function without its namespace and its parameters."""
    name = name.replace("(anonymous namespace)::", "").partition("(")[0]
    while TEMPLATE.search(name):
        name = TEMPLATE.sub("", name)
    return name.rpartition("::")[2].rpartition(" ")[2]


class Subject:
    """What the answers are about: one student's image of the public checks, and that student's questions."""

    def __init__(self, lab, image, course, student, *, wrapper=()):
        self.lab, self.image, self.wrapper = lab, pathlib.Path(image), wrapper
        self.course, self.student = course, student
        self.symbols = parameters.symbols(image)
        self.plain = {}  # the same, by the names of C++ functions without namespace and parameters
        for name, addresses in self.symbols.items():
            self.plain.setdefault(plain(name), []).extend(addresses)
        self.starts = sorted((address, name) for name, addresses in self.plain.items() for address in addresses
                             if name not in BOUNDS and not name.startswith("kernel."))
        self.questions = {name: questions.ask(question, course, student, self.symbol)
                          for name, question in questions.load(lab).items()}

    def symbol(self, name):
        """The address of the function or variable of this name, without its namespace and parameters."""
        found = self.symbols.get(name) or self.plain.get(name, [])
        if len(found) != 1:
            raise probe.ProbeError(f"the kernel has {len(found)} times {name}, not once")
        return found[0]

    def given(self, run):
        """The numbers of `make debug CHECK=run`."""
        return parameters.draw(parameters.PUBLIC_KEY, self.course, self.student, run)

    def machine(self, question):
        """The machine that this question is about, before its first instruction."""
        check = self.lab.check(self.questions[question].question.run)
        return probe.machine(parameters.prepared(self.image, check, 0, self.given(check.name)), check.limit,
                             self.wrapper)

    def shown(self, name, value):
        """A value, as a student would write it."""
        asked = self.questions[name]
        if asked.question.kind == "order":
            letters = {step: letter for letter, step in asked.letters.items()}
            return " ".join(letters[step] for step in value)
        if asked.question.kind in ("address", "place") and not isinstance(value, str):
            return self.place(*listed(value)[:1] or (value,))
        return str(value)

    def nearest(self, address):
        """(where it begins, its name) of the symbol before this address, or at it."""
        at = bisect.bisect_right(self.starts, (address, "\uffff")) - 1
        return self.starts[max(at, 0)]

    def place(self, address):
        """An address of code as name+offset; any other in hex."""
        if not self.symbol("kernel.text") <= address < self.symbol("kernel.etext"):
            return f"{address:#010x}"
        start, name = self.nearest(address)
        return f"{name}+{address - start:#x}"


def subject_of(lab, image, course, student, *, wrapper=()):
    """The Subject, where the image of the public checks lies beside this one; None if the lab asks nothing."""
    if not questions.load(lab):
        return None
    return Subject(lab, image.with_name(f"{lab.name}-public.elf"), course, student, wrapper=wrapper)


def text_in(root):
    """answers.toml of this tree, empty if there is none. collect.Refused if it is no text."""
    content = collect.read_plain(root, questions.FILE)
    return "" if content is None else collect.text_of(content, questions.FILE)


def student_in(text):
    """The id in a file of answers, empty if there is none."""
    with contextlib.suppress(AnswerError):
        student = read(text).get("student", "")
        return student if isinstance(student, str) else ""
    return ""


def compute(lab, check, subject):
    """What is true of the student's kernel, by question."""
    return getattr(lab.models[check.module], check.function)(subject)


def given_answers(text, subject):
    """The table of answers. It has the id for which its questions were drawn, which matters if there is any answer."""
    table = read(text)
    if not any(table.get(name) for name in subject.questions):
        return table
    student = table.get("student", "")
    if student != subject.student:
        raise AnswerError(f'{questions.FILE} has student = {quoted(student)}, and this is the hand-in of '
                          f'"{subject.student}": their questions differ')
    return table


def quoted(value):
    """A value of the file as it can be printed."""
    if isinstance(value, int) and abs(value) > MOST:
        return "a huge number"
    return ascii(value)[:80]


def parsed(table, name, subject):
    """One answer. AnswerError names it."""
    value = table.get(name, "")
    if value in ("", []):
        raise AnswerError(f"{name} is not answered")
    asked = subject.questions[name]
    try:
        return PARSERS[asked.question.kind](value, subject, asked)
    except AnswerError as error:
        raise AnswerError(f"{questions.FILE}: {name} = {quoted(value)} {error}") from None


def listed(value):
    """The places that an answer may mean: several functions may have one name."""
    return value if isinstance(value, list) and value and isinstance(value[0], int) else ()


def judge_check(lab, check, text, subject):
    """The verdict on one check with questions."""
    verdict = judge.Verdict(check, expected="answers to " + ", ".join(check.answers))
    try:
        table = given_answers(text, subject)
        answers = {name: parsed(table, name, subject) for name in check.answers}
    except AnswerError as error:
        verdict.got = str(error)
        return verdict
    try:
        right = compute(lab, check, subject)
    except probe.ProbeError as error:
        verdict.expected, verdict.got = "a kernel of which they can be found out", str(error)
        verdict.stuck = isinstance(error, probe.Stuck)
        return verdict
    for name in check.answers:
        if right[name] != answers[name] and right[name] not in listed(answers[name]):
            verdict.expected = f"{name}: {subject.shown(name, right[name])}"
            verdict.got = f"{name}: {subject.shown(name, answers[name])}"
            return verdict
    verdict.passed, verdict.expected = True, ""
    return verdict


def complaints(text, subject):
    """What cannot be read in a file of answers: lines for its author. That something is not answered is no mistake."""
    try:
        table = given_answers(text, subject)
    except AnswerError as error:
        return [str(error)]
    found = [f"{questions.FILE}: {quoted(name)} is no question of this lab" for name in table
             if name != "student" and name not in subject.questions]
    for name in subject.questions:
        try:
            parsed(table, name, subject)
        except AnswerError as error:
            found += [str(error)] if "is not answered" not in str(error) else []
    return found[:20]


def filled(lab, subject, instead=()):
    """answers.toml as one who knows everything would hand it in, but for what stands `instead`, where {RIGHT} is the
    right answer in capitals: for the proofs."""
    found = {"student": subject.student}
    for check in lab.checks:
        with contextlib.suppress(probe.ProbeError):
            right = compute(lab, check, subject) if check.answers else {}
            found |= {name: subject.shown(name, value) for name, value in right.items()}
    wrong = {name: str(value).replace("{RIGHT}", str(found.get(name)).upper()) for name, value in dict(instead).items()}
    return "".join(f'{name} = "{value}"\n' for name, value in {**found, **wrong}.items())
