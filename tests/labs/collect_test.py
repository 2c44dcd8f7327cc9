"""Whatever is handed in, tools/labs/collect.py takes the lab's files from it or refuses it with one clear line."""

import io
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "labs"))
import collect  # noqa: E402
import lab as labs  # noqa: E402

CPP, ASM = "system/callback.cpp", "arch/x86/entry/clkdisp.S"


class Collect(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.lab = labs.load("alarm")

    def write(self, path, content=b"// mine\n"):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return target

    def read(self, name="s1"):
        return collect.read(self.lab, self.folder / name)

    def refused(self, words, name="s1"):
        handin = self.read(name)
        self.assertIn(words, handin.refused)
        self.assertNotIn("\n", handin.refused)

    def test_only_the_lab_s_files_are_taken(self):
        self.write(f"s1/{CPP}", b"// mine\r\n")
        self.write("s1/Makefile", b"all:\n\trm -rf /\n")
        self.write("s1/tools/build/cmake/kernel.cmake", b'execute_process(COMMAND sh -c ":(){ :|:& };:")\n')
        handin = self.read()
        self.assertEqual((handin.files, handin.refused), ({CPP: "// mine\n"}, ""))
        missing = f"the starter's is used: kernel/detour/detour.cpp kernel/detour/detour.hpp {ASM}"
        self.assertIn(missing, handin.notes[0])

    def test_a_folder_in_the_folder(self):
        self.write(f"s1/my-lab/{CPP}")
        self.assertEqual(list(self.read().files), [CPP])

    def test_nothing_of_the_lab(self):
        self.write("s1/answer.txt")
        self.refused("none of the lab's files is in it: system/callback.cpp")

    def test_links(self):
        self.write("s2/x")
        os.symlink("/etc/passwd", self.folder / "s2" / "y")
        os.symlink(self.folder / "s2", self.folder / "s1")
        self.refused("s1 is a symbolic link")
        (self.folder / "s1").unlink()
        (self.folder / "s1" / "system").mkdir(parents=True)
        os.symlink("/etc/passwd", self.folder / "s1" / CPP)
        self.refused(f"{CPP} is, or lies behind, a symbolic link")
        (self.folder / "s1" / CPP).unlink()
        (self.folder / "s1" / "system").rmdir()
        os.symlink("/etc", self.folder / "s1" / "system")
        self.refused("symbolic link")

    def test_not_a_regular_file(self):
        (self.folder / "s1" / "system").mkdir(parents=True)
        os.mkfifo(self.folder / "s1" / CPP)
        self.refused(f"{CPP} is not a regular file")
        (self.folder / "s1" / CPP).unlink()
        (self.folder / "s1" / CPP).mkdir()
        self.refused("is not a regular file")

    def test_not_a_text(self):
        for content, words in ((b"ok\xff\xfe", f"{CPP} is not UTF-8: byte 2 is 0xff"), (b"a\0b", "it has a zero byte"),
                               (b"x" * (collect.MOST_BYTES + 1), "has more than 256 KiB")):
            self.write(f"s1/{CPP}", content)
            self.refused(words)

    def archive(self, name, members):
        with zipfile.ZipFile(self.folder / name, "w", zipfile.ZIP_DEFLATED) as file:
            for path, content in members.items():
                file.writestr(path, content)

    def test_zip(self):
        self.archive("s1.zip", {f"lab/{CPP}": "// mine\n", f"../../{ASM}": "", "/etc/cron.d/x": "", "x.json": "{}"})
        handin = self.read("s1.zip")
        self.assertEqual((handin.student, handin.files, handin.refused), ("s1", {CPP: "// mine\n"}, ""))

    def test_zip_of_a_bomb_and_of_a_link(self):
        self.archive("s1.zip", {CPP: b"\n" * 50_000_000})
        self.refused("more than 256 KiB", "s1.zip")
        with zipfile.ZipFile(self.folder / "s2.zip", "w") as file:
            link = zipfile.ZipInfo(CPP)
            link.external_attr = 0o120777 << 16
            file.writestr(link, "/etc/passwd")
        self.refused("is a symbolic link", "s2.zip")

    def test_tar(self):
        with tarfile.open(self.folder / "s1.tgz", "w:gz") as file:
            member = tarfile.TarInfo(f"./{CPP}")
            member.size = 8
            file.addfile(member, io.BytesIO(b"// mine\n"))
        self.assertEqual(self.read("s1.tgz").files, {CPP: "// mine\n"})
        with tarfile.open(self.folder / "s2.tar", "w") as file:
            member = tarfile.TarInfo(CPP)
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            file.addfile(member)
        self.refused("is not a regular file", "s2.tar")

    def test_broken_archives(self):
        for name in "s1.zip", "s2.tar.gz", "s3.tar":
            self.write(name, b"PK\3\4 and nothing more")
            self.refused(f"{name} cannot be read", name)
        self.write("s4.zip", b"x" * (collect.MOST_PACKED + 1))
        self.refused("more than 4 MiB", "s4.zip")

    def test_all_of_a_folder(self):
        self.write(f"s2/{CPP}")
        self.write("s1.zip", b"")
        self.write("notes.txt", b"")
        self.write(".DS_Store", b"")
        self.write(f"a b/{CPP}")
        (self.folder / os.fsdecode(b"\xff\x1b[2J" + 200 * b"x")).mkdir()
        found = {handin.student: bool(handin.refused) for handin in collect.read_all(self.lab, self.folder)}
        self.assertEqual(found, {"s1": True, "s2": False, "a_b": True, "___2J" + 59 * "x": True})

    def test_grade_says_what_is_wrong_with_its_arguments(self):
        for settings, words in (({"NAME": "nix", "FROM": "."}, "NAME=nix is no lab; there are: alarm"),
                                ({"NAME": "alarm", "FROM": "/nowhere"}, "FROM=/nowhere is no folder"),
                                ({"NAME": "alarm", "FROM": self.folder}, "has no hand-in"),
                                ({"NAME": "alarm", "FROM": self.folder, "HELD": "/nowhere"}, "has no checks.toml"),
                                ({"NAME": "alarm", "FROM": self.folder, "JOBS": "many"}, "JOBS=many is no number"),
                                ({"NAME": "alarm", "CHECK": "nix"}, "CHECK=nix is no check of the lab alarm")):
            environment = {"PATH": os.environ["PATH"], "OUT": str(self.folder / ".out"),
                           "KEY": str(self.folder / ".key"), **{key: str(value) for key, value in settings.items()}}
            done = subprocess.run([sys.executable, "tools/labs/grade.py"], cwd=ROOT, env=environment, text=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                                  check=False)
            self.assertEqual(done.returncode, 64, done.stderr)
            self.assertIn(words, done.stderr.splitlines()[-1])


if __name__ == "__main__":
    unittest.main()
