"""The pictures of stacks in comments say what the constants beside them say."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROW = re.compile(r" \* +(\d+) +([A-Z]{2,10}|error code|vector|alarm|message|vacation)\b")
CONSTANT = re.compile(r"^#define (\w+) (\d+)\b", re.MULTILINE)
FRAME_PREFIXES = (("PUSHAL_", "INTERRUPT_FRAME_"), ("EXCEPTION_FRAME_",), ("USER_FRAME_", "INTERRUPT_FRAME_"))
NAMES = {"error code": "ERROR"}


def header(path):
    """The opening comment of a header, and its constants."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return text.split("*/\n#ifndef")[0], {name: int(value) for name, value in CONSTANT.findall(text)}


def pictures_in(comment):
    """The pictures of a comment: of each, the offset of every word. A picture begins at its highest word."""
    pictures, previous = [], 0
    for offset, name in ((int(match[1]), match[2]) for match in map(ROW.match, comment.splitlines()) if match):
        if offset > previous or not pictures:
            pictures.append({})
        pictures[-1][NAMES.get(name, name).upper()] = previous = offset
    return pictures


class Pictures(unittest.TestCase):
    def check(self, picture, constants, prefixes):
        offsets = sorted(picture.values())
        self.assertEqual(offsets, list(range(offsets[0], offsets[-1] + 4, 4)))
        for name, offset in picture.items():
            if name != "STACKMAGIC":
                named = [constants[prefix + name] for prefix in prefixes if prefix + name in constants]
                self.assertEqual(named[-1:], [offset], name)

    def test_frames(self):
        comment, constants = header("arch/x86/entry/frames.h")
        pictures = pictures_in(comment)
        self.assertEqual([len(picture) for picture in pictures], [11, 5, 8])
        for picture, prefixes in zip(pictures, FRAME_PREFIXES):
            self.check(picture, constants, prefixes)
        self.assertEqual(pictures[2]["ES"] + 4, constants["USER_FRAME_BYTES"])  # STACKMAGIC is the word above

    def test_claimed_callbacks(self):
        comment, constants = header("kernel/base/claimed.h")
        picture, = pictures_in(comment)
        self.assertEqual(len(picture), 3)
        self.check(picture, constants, ("CLAIMED_",))
        first, last = map(int, re.search(r" \* +(\d+) \.\.\. (\d+)  the frame", comment).groups())
        self.assertEqual((first, last), (constants["CLAIMED_BYTES"],
                                         constants["CLAIMED_BYTES"] + 4 * (constants["INTERRUPTED_WORDS"] - 1)))

    def test_saved_stack(self):
        comment, constants = header("include/xinu/saved_stack.h")
        registers = re.search(r"\[0\.\.7\]  pushal of ctxsw: ([A-Z ]+)", comment)[1].split()
        self.assertEqual([constants["SAVED_" + name] for name in registers], list(range(8)))
        for name, what in (("EFLAGS", "EFLAGS"), ("LINK", "EBP of the caller"), ("RETURN", "return address")):
            self.assertRegex(comment, rf"\[{constants['SAVED_' + name]}\] +{what}")
        self.assertEqual(constants["SAVED_WORDS"], constants["SAVED_RETURN"] + 1)


if __name__ == "__main__":
    unittest.main()
