"""The tables about code: what is read from readelf, nm and addr2line, and how it is packed."""

import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools" / "build"
sys.path.insert(0, str(TOOLS))
import code_tables  # noqa: E402
from code_tables import EITHER_RING, IN_REGISTER, INTERRUPTED, NOWHERE, OUTERMOST  # noqa: E402

COLUMNS = ["ebx", "ebp", "ra"]
SOURCE = """
        .cfi_sections .debug_frame
        .text
        .globl first, second
        .type first, @function
first:  .cfi_startproc
        pushl %ebp
        .cfi_def_cfa_offset 8
        .cfi_offset ebp, -8
        movl %esp, %ebp
        .cfi_def_cfa_register ebp
        leave
        .cfi_def_cfa esp, 4
        .cfi_same_value ebp
        ret
        .cfi_endproc
        .size first, . - first
        nop
        .type second, @function
second: .cfi_startproc simple
        .cfi_signal_frame
        .cfi_def_cfa esp, 12
        .cfi_undefined eip
        .cfi_register ebx, esi
        nop
        .cfi_endproc
        .size second, . - second
"""


class Layouts(unittest.TestCase):
    def layout(self, cells, augmentation="", columns=None):
        return code_tables.layout_of(columns or COLUMNS, cells.split(), augmentation)

    def test_places(self):
        self.assertEqual(code_tables.place_of("c-8"), -2)
        self.assertEqual(code_tables.place_of("c+4"), 1)
        self.assertEqual(code_tables.place_of("c-512"), -128)
        self.assertEqual(code_tables.place_of("esi"), IN_REGISTER + 6)
        for cell in ("u", "s", "exp", "vexp", "c-6", "c-516", "c+400", "v+8"):
            self.assertIsNone(code_tables.place_of(cell), cell)

    def test_a_function(self):
        self.assertEqual(self.layout("ebp+8 u c-8 c-4"), bytes([5, 2, 0, 2, 5, 0x100 - 2, 8, 0x100 - 1]))

    def test_flags(self):
        self.assertEqual(self.layout("esp+12 u u u", "S")[2], INTERRUPTED | OUTERMOST)
        self.assertEqual(self.layout("esp+12 vexp c-12", "S", ["esp", "ra"])[2], INTERRUPTED | EITHER_RING)
        self.assertEqual(self.layout("esp+12 vexp c-12 c-8", "S", ["esp", "ra", "r62"])[-2:], bytes([62, 0x100 - 2]))

    def test_what_cannot_be_said(self):
        for cells in ("exp u c-8 c-4", "esp+6 u u c-4", "esp+512 u u c-4", "xmm0+4 u u c-4"):
            self.assertIsNone(self.layout(cells), cells)


class Packing(unittest.TestCase):
    def test_all(self):
        layout = bytes([4, 1, 0, 1, 8, 0xFF])
        packed = code_tables.Tables([(0x10, "f"), (0x20, None)], [(0x10, layout), (0x11, None), (0x12, layout)],
                                    [(0x10, "a.c", 7)]).pack()
        self.assertEqual(struct.unpack_from("<5I", packed), (code_tables.MAGIC, 2, 3, 1, len(layout)))
        self.assertEqual(struct.unpack_from("<4I", packed, 20), (0x10, 4, 0x20, NOWHERE))
        self.assertEqual(struct.unpack_from("<6I", packed, 36), (0x10, 0, 0x11, NOWHERE, 0x12, 0))
        self.assertEqual(struct.unpack_from("<IHH", packed, 60), (0x10, 0, 7))
        self.assertEqual(packed[68:], layout + b"a.c\0f\0\0")
        tables = code_tables.unpack(packed + b"what follows in the image")
        self.assertEqual(tables.symbols, [(0x10, "f"), (0x20, None)])
        self.assertEqual(tables.rules, [(0x10, layout), (0x11, None), (0x12, layout)])
        self.assertEqual(tables.lines, [(0x10, "a.c", 7)])
        with self.assertRaises(ValueError):
            code_tables.unpack(b"\0" * 20)

    def test_part_by_part(self):
        layout, other = bytes([4, 1, 0, 1, 8, 0xFF]), bytes([4, 2, 0, 0])
        kernel = code_tables.Tables([(0x10, "f")], [(0x10, layout)], [(0x10, "a.c", 7)])
        program = code_tables.Tables([(0x20, "main"), (0x30, None)], [(0x20, other), (0x24, layout), (0x30, None)],
                                     [(0x20, "b.c", 1), (0x28, "a.c", 9)])
        packer = code_tables.Packer(kernel)
        packer.add(program)
        whole = code_tables.Tables(kernel.symbols + program.symbols, kernel.rules + program.rules,
                                   kernel.lines + program.lines)
        self.assertEqual(packer.pack(), whole.pack())
        self.assertEqual((whole.below(0x20).pack(), whole.since(0x20).pack()), (kernel.pack(), program.pack()))


class Lines(unittest.TestCase):
    def test_the_innermost_line_of_the_project(self):
        places = ["/usr/include/c++/12/span:100", "/home/x/detour/kernel/a.cpp:20 (discriminator 3)",
                  "/home/x/detour/kernel/b.cpp:9"]
        self.assertEqual(code_tables.source_line(places, "/home/x/detour/"), ("kernel/a.cpp", 20))

    def test_others(self):
        for place, wanted in (("/other/app.c:3", ("app.c", 3)), ("??:?", ("", 0)), ("??:0", ("", 0)),
                              ("/x/big.c:65536", ("", 0))):
            self.assertEqual(code_tables.source_line([place], "/home/"), wanted)


class RealFile(unittest.TestCase):
    def setUp(self):
        self.cross = "i686-linux-gnu-"
        if not shutil.which(self.cross + "as"):
            self.skipTest("no cross tools")
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "a.s").write_text(SOURCE)
        subprocess.run([self.cross + "as", "--32", "-g", "-o", folder / "a.o", folder / "a.s"], check=True)
        elf = str(folder / "a.elf")
        subprocess.run([self.cross + "ld", "-m", "elf_i386", "-Ttext=0x1000", "-e", "first", "-o", elf,
                        folder / "a.o"], check=True)
        self.tables = code_tables.read(self.cross, elf, code_tables.list_symbols(self.cross, elf))

    def test_names(self):
        self.assertEqual(self.tables.symbols[:2], [(0x1000, "first"), (0x1006, "second")])
        self.assertIn((0x1007, None), self.tables.symbols)  # the end of the code

    def test_rules(self):
        rules = dict(self.tables.rules)
        entry, pushed = bytes([4, 1, 0, 1, 8, 255]), bytes([4, 2, 0, 2, 5, 254, 8, 255])
        self.assertEqual([rules[address] for address in (0x1000, 0x1001, 0x1003, 0x1004)],
                         [entry, pushed, bytes([5]) + pushed[1:], entry])
        self.assertIsNone(rules[0x1005])  # the nop between the two
        self.assertEqual(rules[0x1006], bytes([4, 3, INTERRUPTED | OUTERMOST, 1, 3, IN_REGISTER + 6]))
        self.assertIsNone(rules[0x1007])

    def test_lines(self):
        lines = self.tables.lines
        self.assertEqual([(address, line) for address, _, line in lines][:3], [(0x1000, 7), (0x1001, 10), (0x1003, 12)])
        self.assertEqual({file for _, file, line in lines if line}, {"a.s"})
        self.assertEqual(lines[-1][1:], ("", 0))  # behind the last instruction


if __name__ == "__main__":
    unittest.main()
