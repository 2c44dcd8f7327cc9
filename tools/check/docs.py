#!/usr/bin/env python3
"""Writes into the pages what the kernel really prints, or checks that they still show it.

A marked block of a page holds the output of a command:

    <!-- output: make run DETERMINISTIC=1, from "1. An alarm" to "is back", without "'s own" -->
    ```text
    ...
    ```

from, to: the first line shown is the first that contains these words, the last one the next that does. Without them all
is shown, but for empty lines at both ends. without: lines that contain one of these strings are cut; `...` marks the
place. only "ended": the lines that contain one of these strings, and no others. The command is `make run`, `make
debug`, or `make rewind`, for which APP is recorded first; `<!-- output: from ...` is more of the command before. A file
that it names and that the tree does not have (hello.c, tick.gdb) is the page's own code block of that language, so that
the programs in the pages are run as they stand. ending "time-out", directly behind the command: the run is to fail, and
these are words of the line in which tools/run/run.py says why; it is shown too. Of `make bench` the committed table of
costs is shown; tests/costs compares it with what is measured.

    <!-- list: SYSTEM_CALLS of include/xinu/systemcalls.h -->
    | number | call |
    ...

is a table made from a list of that header: the macro's lines `CALL(number, result, name, parameters)`.

--check writes nothing and compares what does not depend on the compiler: addresses and other words of eight hexadecimal
digits, offsets, times, the kernel's line numbers, and how often a line is repeated that is otherwise the same do not
count. Without gdb or qemu-img, blocks of `make debug` and `make rewind` are not compared. It also finds links to files
that do not exist.

exit code  meaning
        0  the pages are up to date
        1  a page does not show what the kernel prints, or has a link to nowhere (--check)
        2  a command could not be run, or a block is not as described above
       64  usage error
"""

import argparse
import dataclasses
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "run"))
import costs  # noqa: E402
import environment  # noqa: E402

WORK = ROOT / "build" / "docs"
TIMEOUT = 60  # seconds, for one run
BUILD_TIMEOUT = 900  # the first build of a tree builds the kernel, on a busy host perhaps beside others

MARK = (r'<!-- output: (?P<command>make [^\n]*?)?(?:, ending "(?P<ending>[^"\n]+)")?'
        r'(?:(?:, )?from "(?P<first>[^"\n]+)" to "(?P<last>[^"\n]+)")?'
        r'(?:, (?P<cut>without|only) (?P<words>"[^"\n]+"(?: "[^"\n]+")*))? -->\n')
BLOCK = re.compile(MARK + r"```text\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = r"^```{}\n(.*?)^```$"
LIST = re.compile(r"<!-- list: (?P<macro>\w+) of (?P<header>\S+) -->\n(?P<text>(?:\|[^\n]*\n)*)")
ENTRY = re.compile(r"^ +CALL\( *(\d+), (.+?), +(\w+), +\((.*)\)\)(?: \\)?$")
LINK = re.compile(r"\]\((?![a-z]+:|#)([^)#\s]+)")


class Fault(Exception):
    """Nothing can be written or compared; the text is for the user."""


@dataclasses.dataclass(frozen=True)
class Command:
    verb: str  # run, debug, rewind or bench
    app: str  # path, from the root
    ring: str  # 0 or 3
    gdbflags: tuple
    limit: int = 0  # msec, see tools/run/run.py
    ending: str = ""  # of the line that says why the run ended; empty: by a power-off

    def possible(self):
        tools = {"debug": ("gdb", "qemu-img"), "rewind": ("gdb", "qemu-img")}.get(self.verb, ())
        return all(map(shutil.which, tools))

    def output(self):
        """What it prints, as lines."""
        if self.verb == "bench":
            return costs.lines_of(costs.read())
        image = self.call(["sh", "tools/build/build.sh", "image"], timeout=BUILD_TIMEOUT, APP=self.app,
                          RING=self.ring).strip()
        run = ["--deterministic", "--no-input", "--timeout", str(TIMEOUT), "--limit", str(self.limit), image]
        commands = {
            "run": ["tools/run/run.py", *run],
            "debug": ["tools/run/debug.py", *run, "--", *self.gdbflags],
            "rewind": ["tools/run/rewind.py", "--app", self.app, "--timeout", str(TIMEOUT), "--", *self.gdbflags],
        }
        WORK.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="recordings-", dir=WORK) as folder:  # pages are checked in parallel
            recordings = {"APP": self.app, "DETOUR_RECORDINGS": folder}
            if self.verb == "rewind":
                self.call([sys.executable, "tools/run/record.py", *run], **recordings)
            text = self.call([sys.executable, *commands[self.verb]], self.ending, **recordings)
        text = text.replace(f"{ROOT}/", "")
        # gdb also traces the hooks of a command, and what a command of ours executes.
        hooks = r"^\++(?:before-resuming \S+|unmute-at-breakpoint|(?<=\+\+)frame)\n"
        text = re.sub(hooks, "", text, flags=re.MULTILINE)
        return re.sub(r"\bbuild/docs/[\w-]+/", "", text).splitlines()  # the files that are blocks of the page

    def call(self, command, ending="", timeout=2 * TIMEOUT, **settings):
        try:
            done = subprocess.run(command, cwd=ROOT, env=environment.clean(**settings), stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, errors="replace", timeout=timeout, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Fault(f"{shlex.join(command)}: {error}") from None
        last = (done.stderr.splitlines() or [""])[-1]
        if ending and done.returncode != 0 and ending in last:
            return f"{done.stdout}{last}\n"
        if done.returncode != 0 or ending:
            raise Fault(f"{shlex.join(command)} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-2000:]}")
        return done.stdout


class Page:
    def __init__(self, path):
        self.path = path.resolve()
        self.name = os.path.relpath(self.path, ROOT)
        self.text = self.path.read_text(encoding="utf-8")
        blocks = list(BLOCK.finditer(self.text))
        if self.text.count("<!-- list:") != len(LIST.findall(self.text)):
            raise Fault(f"{self.name}: a mark of a list is misspelt; see tools/check/docs.py --help")
        if self.text.count("<!-- output:") != len(blocks) or (blocks and not blocks[0]["command"]):
            raise Fault(f"{self.name}: a mark of a block is misspelt, or no ```text follows; see tools/check/docs.py "
                        "--help")

    def blocks(self):
        """Each block and its Command."""
        command = None
        for block in BLOCK.finditer(self.text):
            command = self.parse(block["command"], block["ending"] or "") if block["command"] else command
            yield block, command

    def parse(self, text, ending):
        _, verb, *settings = shlex.split(text)
        if (verb, settings) == ("bench", []):
            return Command(verb, "apps/bench", "0", ())
        variables = dict(setting.partition("=")[::2] for setting in settings)
        deterministic = variables.pop("DETERMINISTIC", "1" if verb == "rewind" else "") == "1"
        if verb not in ("run", "debug", "rewind") or not deterministic:
            raise Fault(f"{self.name}: `{text}` is not `make run` or `make debug` with DETERMINISTIC=1, "
                        "`make rewind`, or `make bench`")
        app = self.file(variables.pop("APP", "apps/tour"))
        ring = variables.pop("RING", "0")
        flags = tuple(self.file(flag) for flag in shlex.split(variables.pop("GDBFLAGS", "")))
        limit = int(variables.pop("LIMIT", 0))
        if variables:
            raise Fault(f"{self.name}: `{text}`: {' '.join(variables)} is not known here")
        return Command(verb, app, ring, flags, limit, ending)

    def file(self, name):
        """The path of this file. If the tree has no file of that name, it is written from the page's code block."""
        language = pathlib.PurePath(name).suffix[1:]
        if (ROOT / name).exists() or language not in ("c", "gdb") or " " in name:
            return name
        blocks = re.findall(CODE.format(language), self.text, re.MULTILINE | re.DOTALL)
        if len(blocks) != 1:
            raise Fault(f"{self.name}: {name} is to be the page's one block of {language}, but it has {len(blocks)}")
        path = WORK / os.path.splitext(self.name)[0].replace(os.sep, "-") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != blocks[0]:
            path.write_text(blocks[0], encoding="utf-8")
        return os.path.relpath(path, ROOT)

    def renewed(self, outputs):
        """The text of the page with the outputs of the commands in its blocks; a block that has none stays."""
        text, end = "", 0
        for block, command in self.blocks():
            if command in outputs:
                text += self.text[end:block.start("text")] + self.selected(block, outputs[command])
                end = block.end("text")
        return LIST.sub(lambda match: match[0][:-len(match["text"]) or None] + self.table(match),
                        text + self.text[end:])

    def table(self, match):
        """The rows that the list in the header gives."""
        source = (ROOT / match["header"]).read_text(encoding="utf-8")
        begin = source.find(f"#define {match['macro']}(CALL)")
        rows = []
        for line in source[begin:].splitlines()[1:] if begin >= 0 else ():
            entry = ENTRY.match(line)
            if not entry:
                break
            number, result, name, parameters = entry.groups()
            rows.append(f"| {number} | `{result}{'' if result.endswith('*') else ' '}{name}({parameters})` |\n")
        if not rows:
            raise Fault(f"{self.name}: {match['header']} has no list {match['macro']}")
        return "| number | call |\n|-------:|------|\n" + "".join(rows)

    def selected(self, block, lines):
        if block["first"]:
            lines = self.between(lines, block["first"], block["last"])
        words = re.findall(r'"([^"]+)"', block["words"] or "")
        if block["cut"] == "only":
            lines, words = [line for line in lines if any(word in line for word in words)], []
        shown = []
        for line in lines:
            if not any(word in line for word in words):
                shown.append(line)
            elif not shown or shown[-1].strip() != "...":
                shown.append(re.match(" *", line)[0] + "...")
        return "\n".join(shown).strip("\n") + "\n"

    def between(self, lines, first, last):
        begin = next((i for i, line in enumerate(lines) if first in line), None)
        end = next((i for i, line in enumerate(lines) if begin is not None and i >= begin and last in line), None)
        if end is None:
            output = "\n".join(lines[-40:])
            raise Fault(f'{self.name}: the kernel does not print "{first}" and then "{last}"; '
                        f'its output ends so:\n{output}')
        return lines[begin:end + 1]

    def links_to_nowhere(self):
        return [link for link in LINK.findall(self.text) if not (self.path.parent / link).exists()]


def masked(text):
    """The lines that count when a block is compared."""
    # gdb's frames: the number, and the address that is only there if the frame is within a line, are the compiler's.
    text = re.sub(r"^(#)\d+ +|\b0x[0-9a-f]{8} in ", r"\1", text, flags=re.MULTILINE)
    text = re.sub(r"\b(0x)?[0-9a-f]{8}\b|\b0x[0-9a-f]{5,7}\b", "########", text)
    text = re.sub(r"\b((?:arch|kernel|system|user)/[\w./]+:)\d+|^\d+(?=\t)", r"\1#", text, flags=re.MULTILINE)
    text = re.sub(r"\+0x(?!0\b)[0-9a-f]+", "+0x#", text)
    text = re.sub(r"\b(msec) \d+(, in \d+)?", r"\1 #", text)
    text = re.sub(r"\b\d+( KiB of memory)", r"#\1", text)
    text = re.sub(r"\b(file (?:arch|kernel|system|user)/\S+, line) \d+", r"\1 #", text)
    text = re.sub(r"\b(instruction) \d+ of [\d#]+", r"\1 # of #", text)
    text = re.sub(r"\b(instruction) [\d#]+(?=,)|(`seek) [\d#]+(?=`)", r"\1\2 #", text)
    text = re.sub(r"\b(a column is) \d+|^ +(msec)(?: +\d+)+$|(\|)[ #sD]+(?=\|$)", r"\1\2\3 #", text, flags=re.MULTILINE)
    text = re.sub(r"^ *[\d#]+ +\d+(?=  \d+ \()", "# #", text, flags=re.MULTILINE)  # moments of the list of calls
    text = re.sub(r"^(=> ########) <(\w+)[+\d]*>:\s+(\S+).*", r"\1 \2: \3", text,
                  flags=re.MULTILINE)  # without operands
    text = re.sub(r"(<\w+)\+\d+>", r"\1+#>", text)
    # The compiler's: which registers a function saves, and what it leaves in the flags.
    text = re.sub(r"^.*\bE(?:BX|SI|DI) of \S+, saved by (?!ctxsw\b).*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"(\bEFLAGS of [^:\n]*: )(?:[ACDOPSZ]F )+", r"\1", text)
    text = re.sub(r"\d+ bytes that are free|\(\d+ more\)|\(the same \d+ times more\)", "#", text)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [line for line, before in zip(lines, [None, *lines]) if line != before]


def difference(page, text):
    """(page's block, kernel's block): the first two lines that differ, or None."""
    pairs = [(masked(old["text"]), masked(new["text"]))
             for old, new in zip(BLOCK.finditer(page.text), BLOCK.finditer(text))]
    pairs += [(old["text"].splitlines(), new["text"].splitlines())
              for old, new in zip(LIST.finditer(page.text), LIST.finditer(text))]
    for ours, real in pairs:
        if ours != real:
            at = next((i for i, pair in enumerate(zip(ours, real)) if pair[0] != pair[1]), min(len(ours), len(real)))
            return tuple(lines[at] if at < len(lines) else "(nothing)" for lines in (ours, real))
    return None


def check(page, text):
    """Prints what is wrong with the page; returns whether anything is."""
    wrong = difference(page, text)
    if wrong:
        print(f"docs: {page.name} does not show what the kernel prints (run `make docs`):\n"
              f"  page:   {wrong[0]}\n  kernel: {wrong[1]}", file=sys.stderr)
    links = page.links_to_nowhere()
    for link in links:
        print(f"docs: {page.name} has a link to {link}, which does not exist", file=sys.stderr)
    return bool(wrong or links)


def all_pages():
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "labs").glob("*/handout.md"))]


def parse(arguments):
    parser = argparse.ArgumentParser(prog="docs.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.error = lambda message: (print(f"docs: {message}; see docs.py --help", file=sys.stderr), sys.exit(64))
    parser.add_argument("--check", action="store_true", help="compare and write nothing")
    parser.add_argument("pages", nargs="*", type=pathlib.Path, metavar="PAGE",
                        help="only these (README.md, docs/*.md and labs/*/handout.md)")
    return parser.parse_args(arguments)


def main(arguments):
    options = parse(arguments)
    outputs = {}  # of a command that has been run
    wrong = False
    try:
        for page in map(Page, options.pages or all_pages()):
            for _, command in page.blocks():
                if command not in outputs and (command.possible() or not options.check):
                    outputs[command] = command.output()
            text = page.renewed(outputs)
            if options.check:
                wrong |= check(page, text)
            elif text != page.text:
                page.path.write_text(text, encoding="utf-8")
                print(f"{page.name} is renewed")
    except (Fault, OSError) as fault:
        print(f"docs: {fault}", file=sys.stderr)
        return 2
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
