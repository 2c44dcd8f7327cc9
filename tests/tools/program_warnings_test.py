"""The compiler's warnings about formats in programs of either ring, with the flags of the build."""

import json
import pathlib
import shlex
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
WRONG = '''#include <xinu.h>
process main(void)
{
    printf("%s", 3);
    kprintf("%d", 2.5);
    fprintf(CONSOLE, "%f", 1);
    return OK;
}
'''
RIGHT = WRONG.replace(", 3)", ', "x")').replace("2.5", "2").replace(", 1)", ", 1.0)").replace(
    "    return", '    printf("%b %5.2f %e %Lg\\n", 5, 2.5, 1e9, 1.0L);\n    return')


def compile_as(example, text):
    """The compiler's messages for a program in place of this one. It must compile."""
    commands = json.loads((ROOT / "compile_commands.json").read_text())
    command = next(shlex.split(entry["command"]) for entry in commands if entry["file"].endswith(example))
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "program.c")
        source.write_text(text)
        command[command.index("-o") + 1] = str(source.with_suffix(".o"))
        command[command.index("-c") + 1] = str(source)
        return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True).stderr


class Formats(unittest.TestCase):
    def test_warnings_but_no_errors(self):
        for example in ("tests/qemu/programs/hello.c", "user/programs/hello.c"):
            self.assertEqual(compile_as(example, WRONG).count("[-Wformat="), 3, example)

    def test_right_formats_are_accepted(self):
        for example in ("tests/qemu/programs/hello.c", "user/programs/hello.c"):
            self.assertEqual(compile_as(example, RIGHT), "", example)


if __name__ == "__main__":
    unittest.main()
