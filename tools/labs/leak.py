"""Finds lines of the solution in a starter."""

import re

SHORTEST = 28  # characters; shorter lines say nothing
COMMENT = re.compile(r"//.*|(?<!\S)#.*|/\*.*?\*/|/\*.*|^\s*\*.*")
DIRECTIVE = re.compile(r"^(\.cfi_|cfi_)")


def normal(line):
    """A line as it is compared: without comments, and with single spaces."""
    return " ".join(COMMENT.sub("", line).split())


def telling(lines, idioms):
    """The lines that give something away."""
    known = {normal(line) for line in idioms}
    found = {normal(line) for line in lines}
    return {line for line in found if len(line) >= SHORTEST and line not in known and not DIRECTIVE.match(line)}


def leaks(tree, idioms=()):
    """Where the starter tree has lines that were cut out: (path, number, line)."""
    solution = telling((line for cut in tree.cuts.values() for line in cut.solution()), idioms)
    found = []
    for path, content in sorted(tree.files.items()):
        for number, line in enumerate(content.decode(errors="replace").splitlines(), 1):
            text = normal(line.lstrip("+-> "))
            if text in solution:
                found.append((path, number, text))
    return found
