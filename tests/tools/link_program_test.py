"""What the linker's messages mean to the writer of a ring-3 program, and how programs are put into an image."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "build"))
import link_image  # noqa: E402
import link_program  # noqa: E402


class Explain(unittest.TestCase):
    def test_missing_calls_are_named_once(self):
        messages = ("ld: a.o: in function `main':\na.c:7: undefined reference to `create'\n"
                    "ld: a.c:8: undefined reference to `wait'\nld: a.c:9: undefined reference to `create'\n")
        self.assertEqual(link_program.explain(messages),
                         ["ring 3 has no create(); see include/xinu/systemcalls.h",
                          "ring 3 has no wait(); see include/xinu/systemcalls.h"])

    def test_no_main(self):
        self.assertIn("no main()", link_program.explain("start.S:12: undefined reference to `main'\n")[0])

    def test_other_messages_are_the_linkers(self):
        self.assertIsNone(link_program.explain("a.o: multiple definition of `x'\n"))


class ProgramsSource(unittest.TestCase):
    def test_table(self):
        source = link_image.programs_source([("hello", "user/hello.embedded"), ("spin", "user/spin.embedded")])
        self.assertIn(".long name_1, program_1, program_1_end - program_1\nuser_program_count: .long 2\n", source)
        self.assertIn('name_0: .asciz "hello"\n.align 4\nprogram_0: .incbin "user/hello.embedded"\n', source)


if __name__ == "__main__":
    unittest.main()
