"""What is read from a linked file: names that are short enough for a backtrace."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import code_tables  # noqa: E402


class ShortName(unittest.TestCase):
    def test_names(self):
        for demangled, wanted in (
            ("resched", "resched"),
            ("detour::panic(char const*, ...)", "detour::panic"),
            ("detour::Queue<4u>::push(int) const", "detour::Queue::push"),
            ("detour::(anonymous namespace)::dump(unsigned int)", "detour::dump"),
            ("int detour::pick<int, detour::Node>(int)", "detour::pick"),
            ("detour::Set::operator[](unsigned int)", "detour::Set::operator[]"),
            ("detour::ready(int) [clone .part.0]", "detour::ready"),
            ("main", "main"),
        ):
            with self.subTest(demangled=demangled):
                self.assertEqual(code_tables.short_name(demangled), wanted)


if __name__ == "__main__":
    unittest.main()
