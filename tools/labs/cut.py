"""Cuts functions out of sources, and puts the starter's text in their place.

What is cut is named by function: in C++ the one definition of that name, with its braces; in assembly the lines from
`name:` to its `.size`, or from `.macro name` to `.endm`. Parts of a function stand between two quiet marks:

    // [lab alarm 3
    ...
    // lab]

The starter's text for FILE is labs/NAME/starter/FILE.txt, with the names that are cut as headings:

    @@ register_alarm
    bool register_alarm(procent &, callback, uint32_t) ...
    @@ lab 3            the first part of task 3; then `lab 3 2` and so on
    @@ header           the comment at the beginning of the file
"""

import dataclasses
import re

from lab import LabError

MARK = re.compile(r"^[ \t]*// \[lab (?P<lab>[a-z0-9]+) (?P<task>\d+)\n(?P<body>.*?)^[ \t]*// lab\]\n",
                  re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^@@ (.+)\n", re.MULTILINE)
SKIPPED = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
FOLDERS = ("arch/", "kernel/", "system/")  # where marks may be
COMMENT_HEADER = re.compile(r"\A(?:/\*.*?\*/\n|(?://[^\n]*\n)+)", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Region:
    """What is cut out of a file: text[begin:end]."""

    task: int  # 0: of no task
    name: str
    begin: int
    end: int


def blanked(text):
    """The text with comments and literals blanked: all offsets stay."""
    return SKIPPED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def closing_brace(text, opening):
    """The offset behind the brace that closes the one at this offset; None if none does."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(text, opening):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.end()
    return None


def cpp_functions(text, name):
    """The definitions of this name, from the beginning of the declaration's line to the end of the last one."""
    plain = blanked(text)
    found = []
    for match in re.finditer(rf"^(?:[\w:<>&*\[\], \t]*[\s&*])?{re.escape(name)}\([^;{{}}]*?\)[^;{{}}()]*\{{", plain,
                             re.MULTILINE):
        end = closing_brace(plain, match.end() - 1)
        if end is not None:
            found.append((match.start(), text.find("\n", end) + 1 or len(text)))
    return found


def assembly_functions(text, name):
    word = re.escape(name)
    patterns = (rf"^{word}:.*?(?=^\s*\.size\s+{word}\b)", rf"^(?:/\*[^\n]*\*/\n)?\s*\.macro\s+{word}\b.*?\.endm\n")
    return [match.span() for pattern in patterns
            for match in re.finditer(pattern, text, re.MULTILINE | re.DOTALL)]


def function_region(file, text, name, task):
    find = assembly_functions if file.endswith(".S") else cpp_functions
    found = find(text, name)
    if len(found) != 1:
        raise LabError(f"{file}: {len(found)} definitions of {name} are found; one is to be cut")
    return Region(task, name, *found[0])


def marked_regions(text, lab):
    """The parts of functions of this lab, named `lab TASK`, `lab TASK 2` ..."""
    counts = {}
    for match in MARK.finditer(text):
        if match["lab"] == lab:
            task = int(match["task"])
            counts[task] = counts.get(task, 0) + 1
            number = f" {counts[task]}" if counts[task] > 1 else ""
            yield Region(task, f"lab {task}{number}", match.start(), match.end())


def header_region(file, text):
    match = COMMENT_HEADER.match(text)
    if not match:
        raise LabError(f"{file}: begins with no comment to be replaced")
    return Region(0, "header", 0, match.end())


def regions(lab, file, text):
    """All regions of this file, in their order."""
    if text.count("// [lab ") != len(MARK.findall(text)):
        raise LabError(f"{file}: a mark `// [lab NAME TASK` without its `// lab]`")
    found = [function_region(file, text, name, task.number) for task in lab.tasks for path, name in task.cut
             if path == file]
    found += marked_regions(text, lab.name)
    found += [header_region(file, text)] if file in lab.headers else []
    found.sort(key=lambda region: region.begin)
    for before, after in zip(found, found[1:]):
        if after.begin < before.end:
            raise LabError(f"{file}: {before.name} and {after.name} overlap")
    return found


def starter_texts(lab, file):
    """What stands in place of each region, by its name."""
    path = lab.folder / "starter" / f"{file}.txt"
    if not path.exists():
        raise LabError(f"labs/{lab.name}/starter/{file}.txt is missing: the starter's text for what is cut")
    pieces = HEADING.split(path.read_text(encoding="utf-8"))
    return dict(zip(pieces[1::2], pieces[2::2]))


@dataclasses.dataclass(frozen=True)
class Cut:
    """A file with its regions replaced. pieces: (is it replaced, the starter's text, the original), in order."""

    pieces: tuple

    def text(self):
        return "".join(new for _, new, _ in self.pieces)

    def undone(self):
        return "".join(old for _, _, old in self.pieces)

    def solution(self):
        """The lines that were cut out."""
        return [line for replaced, _, old in self.pieces if replaced for line in old.splitlines()]


def without_marks(text):
    return MARK.sub(lambda match: match["body"], text)


def cut_file(lab, file, text, tasks):
    """Cuts the regions of these tasks; the marks of others go."""
    texts = starter_texts(lab, file)
    found = regions(lab, file, text)
    unused = set(texts) - {region.name for region in found}
    if unused:
        raise LabError(f"labs/{lab.name}/starter/{file}.txt: nothing of the name {min(unused)} is cut")
    pieces, end = [], 0
    for region in found:
        if region.task and region.task not in tasks:
            continue
        if region.name not in texts:
            raise LabError(f"labs/{lab.name}/starter/{file}.txt: no text `@@ {region.name}`")
        kept = text[end:region.begin]
        pieces += [(False, without_marks(kept), kept), (True, texts[region.name], text[region.begin:region.end])]
        end = region.end
    pieces.append((False, without_marks(text[end:]), text[end:]))
    return Cut(tuple(pieces))


def cut_files(lab, tasks=None):
    """The Cut of each file in which something is cut for these tasks (default: all), by path."""
    tasks = {task.number for task in lab.tasks} if tasks is None else set(tasks)
    named = {path for task in lab.tasks for path, _ in task.cut} | set(lab.headers)
    paths = [path for folder in FOLDERS for path in (lab.root / folder).rglob("*.[chS]*")]
    paths += [lab.root / file for file in lab.files if (lab.root / file).is_file()]
    named |= {str(path.relative_to(lab.root)) for path in paths
              if f"// [lab {lab.name} " in path.read_text(encoding="utf-8")}
    cuts = {}
    for file in sorted(named):
        path = lab.root / file
        if not path.is_file():
            raise LabError(f"labs/{lab.name}/lab.toml: {file}, from which something is to be cut, does not exist")
        cuts[file] = cut_file(lab, file, path.read_text(encoding="utf-8"), tasks)
    return cuts
