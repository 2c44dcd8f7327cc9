"""Compares what a check has reported with what its model expects, and says what is wrong.

How a run ended is never worth points: it only explains why lines are missing.
"""

import dataclasses
import re

LINE = re.compile(r"@([0-9a-f]{8}) (\d+) (.*)")
RANGE = re.compile(r"\\\{(-?\d+)\\\.\\\.(-?\d+)\\\}")  # {3..5}, as re.escape() leaves it
REPORTS = re.compile(
    r"(process \d+ \(.*\) ended(?: by|:) .*|in the kernel: .*|panic: .*|non-maskable interrupt in .*)$")
CALL = re.compile(r"  0x[0-9a-f]{8}  (.+)")
STACK_WORDS = 8
LONGEST = 200  # characters of a line that are shown

ENDINGS = {
    "off": "the machine powered itself off",
    "panic": "the kernel stopped itself",
    "refused": "the kernel did not boot",
    "reset": "the machine was reset: a triple fault",
    "limit": "it was still running at msec {limit} of the machine's time",
    "flood": "it printed without end",
    "status": "the emulator was ended in a way in which the kernel never does it",
    "stuck": "the machine did not even reach msec {limit} of its own time",
}


@dataclasses.dataclass
class Verdict:
    """What came out of one check."""

    check: object  # a lab.Check
    passed: bool = False
    expected: str = ""
    got: str = ""
    at: tuple = ()  # lines: where it happened
    stuck: bool = False  # no result of the kernel's: the host was too slow, or the emulator hung

    @property
    def points(self):
        return self.check.points if self.passed else 0


def reported(lines, nonce):
    """(the texts reported, the first line that only pretends to be a report or is out of order)"""
    texts = []
    for line in lines:
        match = LINE.search(line)
        if not match:
            continue
        if int(match[1], 16) != nonce or int(match[2]) != len(texts):
            return texts, line
        texts.append(match[3])
    return texts, None


def fits(expected, text):
    """Whether a line is as expected; {3..5} is any number of these."""
    if "{" not in expected:
        return expected == text
    ranges = [(int(low), int(high)) for low, high in RANGE.findall(re.escape(expected))]
    match = re.fullmatch(RANGE.sub(r"(-?\\d{1,10})", re.escape(expected)), text)
    return bool(match) and all(low <= int(number) <= high for (low, high), number in zip(ranges, match.groups()))


def explanation(lines):
    """Of the kernel's own report: (its first line, lines that tell where)."""
    first = next((i for i, line in enumerate(lines) if REPORTS.match(line)), None)
    if first is None:
        return "", ()
    calls, words, section = [], [], None
    for line in lines[first + 1:]:
        if line in ("backtrace:", "stack:"):
            section = line
        elif section == "backtrace:" and CALL.match(line):
            calls.append(CALL.match(line)[1])
        elif section == "stack:" and line.startswith("  ") and len(words) < STACK_WORDS:
            words.append(line.strip())
        elif section == "stack:" and not line.startswith(" "):
            break
    return lines[first], (*(f"in {call}" for call in calls[:4]), *words)


def ending(boot, check):
    """(why no more lines came, where)"""
    how = ENDINGS[boot.end].format(limit=check.limit)
    report, where = explanation(boot.lines)
    if report and not report.startswith("non-maskable"):
        how = report
    return how, where


def judge(check, boot, nonce, expected):
    """The verdict on one boot. expected: the lines of the model."""
    texts, forged = reported(boot.lines, nonce)
    wanted = [*expected, "end"]
    verdict = Verdict(check, stuck=boot.end == "stuck")
    for i, line in enumerate(wanted):
        if i < len(texts) and fits(line, texts[i]):
            continue
        verdict.expected = "it ends here" if line == "end" else line
        if i < len(texts):
            verdict.got = "it ends here" if texts[i] == "end" else shown(texts[i])
            _, verdict.at = explanation(boot.lines)
        elif forged:
            verdict.got = f"a line that is no report of this run: {shown(forged)}"
        else:
            how, verdict.at = ending(boot, check)
            verdict.got = f"nothing more: {how}"
        return verdict
    if len(texts) > len(wanted) or forged:
        verdict.expected, verdict.got = "nothing more", shown(forged if forged else texts[len(wanted)])
        return verdict
    verdict.passed = True
    return verdict


def shown(line):
    """As it stands in a result, which is the same every time, unlike nonces."""
    line = LINE.sub(lambda match: f"@... {match[2]} {match[3]}", line)
    return line if len(line) <= LONGEST else line[:LONGEST] + "..."
