"""Names that a program may or may not define."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ROOT / "tools" / "build"
sys.path.insert(0, str(TOOLS))
import code_tables  # noqa: E402
import link_image  # noqa: E402

LIBRARY = "int strlen(void) { return 0; }\n"
KERNEL = ("int strlen(void), main(void); extern int end;\n"
          "int resume(void) { return strlen() + (int)&end; }\n"
          "__attribute__((weak)) int receive(void) { return 0; }\n"
              "void _start(void) { main(); resume(); }\n")


class ClashMessage(unittest.TestCase):
    def test_none(self):
        self.assertIsNone(link_image.clash_message(set()))

    def test_one(self):
        self.assertEqual(link_image.clash_message({"resume"}),
                         "the program defines `resume`, which is the kernel's; rename yours (or make it static)")

    def test_two(self):
        self.assertEqual(link_image.clash_message({"resume", "kill"}),
                         "the program defines `kill`, `resume`, which are the kernel's; "
                         "rename yours (or make it static)")


class Link(unittest.TestCase):
    """A real kernel's archive is not at hand here, but a small one with a name of each sort is."""

    def setUp(self):
        self.cross = "i686-linux-gnu-"
        if not shutil.which(self.cross + "gcc"):
            self.skipTest("no cross compiler")
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.folder / "sealed").mkdir()
        self.seal(KERNEL)
        self.sealed = self.folder / "sealed" / "libdetour_test.a"
        self.tool("link_image", "--kernel", self.sealed, "--describe-kernel", check=True)

    def seal(self, kernel):
        archives = {self.folder / "libdetour_test.a": kernel, self.folder / "libdetour_test_library.a": LIBRARY}
        for archive, text in archives.items():
            subprocess.run([self.cross + "ar", "rc", archive, self.compile("source.cpp", text)], check=True)
        self.tool("seal_kernel", *archives, self.folder / "sealed", check=True)

    def compile(self, name, text):
        source, output = self.folder / name, self.folder / (name + ".obj")
        source.write_text(text)
        subprocess.run([self.cross + "gcc", "-m32", "-ffreestanding", "-fno-pic", "-fno-builtin", "-xc", "-c", source,
                        "-o", output], check=True)
        return output

    def tool(self, name, *arguments, check=False):
        return subprocess.run([sys.executable, TOOLS / f"{name}.py", "--cross", self.cross, "--script",
                               ROOT / "arch" / "x86" / "boot" / "kernel.ld", *arguments],
                              capture_output=True, text=True, check=check)

    def link(self, program, *options):
        objects = self.compile("program.c", program)
        return self.tool("link_image", "--kernel", self.sealed, *options, "--output",
                         self.folder / "image.elf", objects)

    def symbols(self):
        lines = subprocess.run([self.cross + "nm", self.folder / "image.elf"], capture_output=True, text=True,
                               check=True).stdout.splitlines()
        return {line.split()[2]: int(line.split()[0], 16) for line in lines}

    def test_library_function_of_the_program(self):
        done = self.link("int strlen(void) { return 1; } int end; int main(void) { return strlen() + end; }")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        symbols = self.symbols()
        self.assertNotEqual(symbols["strlen"], symbols["kernel.strlen"])
        self.assertNotEqual(symbols["end"], symbols["kernel.end"])

    def test_library_function_of_the_kernel(self):
        done = self.link("int strlen(void); int main(void) { return strlen(); }")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        symbols = self.symbols()
        self.assertEqual(symbols["strlen"], symbols["kernel.strlen"])

    def test_map_beside_the_image(self):
        self.link("int counter; int strlen(void) { return 1; } int main(void) { return strlen() + counter; }")
        lines = [line.split(" ", 2) for line in (self.folder / "image.map").read_text().splitlines()]
        addresses = [int(address, 16) for address, _, _ in lines]
        self.assertEqual(addresses, sorted(addresses))
        found = {name: (int(address, 16), kind) for address, kind, name in lines}
        symbols = self.symbols()
        for name, kind in (("_start", "T"), ("resume", "T"), ("kernel.strlen", "T"), ("main", "T"), ("strlen", "T"),
                           ("counter", "B"), ("kernel.app_text", "T"), ("kernel.etext", "T")):
            self.assertEqual(found.get(name), (symbols[name], kind), name)
        # The bounds tell the kernel's code from the program's.
        self.assertLess(found["resume"][0], found["kernel.app_text"][0])
        self.assertGreaterEqual(found["main"][0], found["kernel.app_text"][0])

    def test_system_call_of_the_program(self):
        done = self.link("int resume(void) { return 1; } int main(void) { return resume(); }")
        self.assertEqual((done.returncode, done.stderr),
                         (1, "link: the program defines `resume`, which is the kernel's; "
                             "rename yours (or make it static)\n"))

    def test_weak_function_of_the_kernel(self):
        done = self.link("int receive(void) { return 1; } int main(void) { return receive(); }")
        self.assertEqual((done.returncode, done.stderr),
                         (1, "link: the program defines `receive`, which is the kernel's; "
                             "rename yours (or make it static)\n"))

    def test_layer_over_the_kernel(self):
        layer = self.folder / "libcourses.a"
        source = self.compile("layer.c", "int receive(void) { return 2; } int layered(void) { return receive(); } "
                                         "__attribute__((weak)) int own(void) { return 3; }")
        subprocess.run([self.cross + "ar", "rc", layer, source], check=True)
        uses = "int receive(void); int layered(void); int own(void) { return 4; } "
        done = self.link(uses + "int main(void) { return receive(); }", "--archive", layer)
        self.assertEqual((done.returncode, done.stderr, "layered" in self.symbols()), (0, "", False))
        done = self.link(uses + "int main(void) { return receive() + layered() + own(); }", "--archive", layer)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertGreaterEqual(self.symbols()["receive"], self.symbols()["kernel.app_text"])

    def test_static_function_of_the_program(self):
        done = self.link("static int resume(void) { return 1; } int main(void) { return resume(); }")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_tables_of_the_whole_image(self):
        done = self.link("int main(void) { return 1; }")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        image = self.folder / "image.elf"
        wanted = code_tables.read(self.cross, image, code_tables.list_symbols(self.cross, image))
        self.assertIn("main", dict(map(reversed, wanted.symbols)))
        content, symbols = self.folder / "rodata", self.symbols()
        subprocess.run([self.cross + "objcopy", "-O", "binary", "--only-section=.rodata", image, content], check=True)
        self.assertTrue(content.read_bytes().endswith(wanted.pack()))
        self.assertEqual(symbols["kernel.erodata"] - symbols["code_tables"], len(wanted.pack()))

    def test_tables_of_another_kernel(self):
        self.seal(KERNEL.replace("{ main(); resume(); }", "{ resume(); main(); } int added(void) { return 1; }"))
        done = self.link("int main(void) { return 1; }")
        self.assertEqual((done.returncode, done.stderr),
                         (1, f"link: {self.sealed.with_suffix('.tables')} is not about the kernel of this image\n"))

    def test_no_main(self):
        self.assertIn("the program has no main()", self.link("int x;").stderr)


if __name__ == "__main__":
    unittest.main()
