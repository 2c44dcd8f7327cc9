"""The pictures of stack frames in comments say what the constants beside them say."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROW = re.compile(r" \* +(\d+) +([A-Z]{2,10}|error code|vector)\b")
PREFIXES = (("FRAME_", "INTERRUPT_FRAME_"), ("EXCEPTION_FRAME_",), ("USER_FRAME_", "INTERRUPT_FRAME_"))  # of each picture's constants
NAMES = {"error code": "ERROR", "vector": "VECTOR"}


class Pictures(unittest.TestCase):
    def test_frames(self):
        text = (ROOT / "arch" / "x86" / "frames.h").read_text(encoding="utf-8")
        constants = {name: int(value) for name, value in re.findall(r"^#define (\w+) (\d+)$", text, re.MULTILINE)}
        comment = text.split("*/")[0]
        # Each picture begins at its highest word, and the offsets go down by words.
        pictures, previous = [], 0
        for offset, name in ((int(match[1]), match[2]) for match in map(ROW.match, comment.splitlines()) if match):
            if offset > previous:
                pictures.append({})
            pictures[-1][NAMES.get(name, name)] = previous = offset
        self.assertEqual([len(picture) for picture in pictures], [11, 5, 8])
        for picture, prefixes in zip(pictures, PREFIXES):
            offsets = sorted(picture.values())
            self.assertEqual(offsets, list(range(offsets[0], offsets[-1] + 4, 4)))
            for name, offset in picture.items():
                if name == "STACKMAGIC":
                    continue
                named = [constants[prefix + name] for prefix in prefixes if prefix + name in constants]
                self.assertEqual(named[-1:], [offset], name)
        self.assertEqual(pictures[2]["ES"] + 4, constants["USER_FRAME_BYTES"])  # STACKMAGIC is the word above


if __name__ == "__main__":
    unittest.main()
