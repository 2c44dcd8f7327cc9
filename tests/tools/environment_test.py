"""What the tools and CI pass on of the caller's environment: nothing that changes what is printed."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "run"))
import environment  # noqa: E402

FOREIGN = {"PYTHONPATH": "/nowhere", "PYTHONUNBUFFERED": "", "LC_ALL": "de_DE.UTF-8", "PAGER": "less", "MAKEFLAGS": "k",
           "COLUMNS": "40", "GDBFLAGS": "-tui", "APP": "other.c", "NPROC": "16", "http_proxy": "http://proxy.example"}
# Stands in for make, and for tools/build/setup.sh: writes its name and its environment to a file, and succeeds.
PRINTS = '#!/bin/sh\n{{ echo "== $*"; env; }} >>"{folder}/{name}"\necho "3 passed, 0 failed"\n'


class Tools(unittest.TestCase):
    def test_a_build_and_its_output(self):
        with mock.patch.dict(os.environ, FOREIGN):
            ours = environment.clean(APP="own.c")
        self.assertEqual({name for name in FOREIGN if name in ours}, {"APP"})
        self.assertEqual((ours["APP"], ours["PATH"]), ("own.c", os.environ["PATH"]))

    def test_building(self):
        foreign = {"CFLAGS": "-nonsense", "CXXFLAGS": "-nonsense", "CDPATH": "."}
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
            (folder / "apps" / "own").mkdir(parents=True)
            for tool in "cmake", "ninja":
                (folder / tool).write_text(f'#!/bin/sh\nenv >"{folder}/{tool}.env"\n', encoding="utf-8")
                (folder / tool).chmod(0o755)
            surroundings = {**os.environ, **foreign, "APP": "apps/own", "PATH": f"{folder}:{os.environ['PATH']}"}
            done = subprocess.run(["sh", "tools/build/build.sh", "image"], cwd=folder, env=surroundings,
                                  capture_output=True, text=True,
                                  timeout=60, check=False)
            self.assertRegex(done.stdout, r"\Abuild/kernel\S*/own-\d+\.elf\n\Z", done.stderr)
            for tool in "cmake", "ninja":
                seen = (folder / f"{tool}.env").read_text(encoding="utf-8")
                self.assertFalse([each for each in foreign if f"{each}=" in seen])

    def test_gdb(self):
        with mock.patch.dict(os.environ, FOREIGN):
            ours = environment.for_gdb()
        self.assertEqual((ours["PYTHONUNBUFFERED"], ours["LC_ALL"], ours["PAGER"]), ("1", "C.UTF-8", "less"))
        self.assertNotIn("PYTHONPATH", ours)


class ContinuousIntegration(unittest.TestCase):
    def run_ci(self, make=PRINTS):
        """(the finished process, what make saw, what the setup saw, what npm saw), in a caller's environment with all
        of FOREIGN."""
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for script, text in (("bin/make", make.format(folder=folder, name="make")),
                                 ("tools/build/setup.sh", PRINTS.format(folder=folder, name="setup")),
                                 ("tools/page/npm.sh", PRINTS.format(folder=folder, name="npm"))):
                path = folder / script
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
                path.chmod(0o755)
            (folder / ".ci").mkdir()
            shutil.copy(ROOT / ".ci" / "run", folder / ".ci")
            surroundings = {**os.environ, **FOREIGN, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
            done = subprocess.run([folder / ".ci" / "run"], env=surroundings, capture_output=True, text=True,
                                  timeout=60, check=False)
            seen = [(folder / name).read_text(encoding="utf-8") if (folder / name).exists() else ""
                    for name in ("make", "setup", "npm")]
            return done, *seen

    def test_only_the_set_up_sees_the_caller_s_environment(self):
        done, make, setup, npm = self.run_ci()
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "6 passed, 0 failed"))
        verbs = [line for line in make.splitlines() if line.startswith("==")]
        self.assertEqual(verbs, ["== test-all", "== prove", "== test-pages", "== lint"])
        names = {line.partition("=")[0] for line in make.splitlines() if not line.startswith("==")}
        # The shell adds the second line.
        self.assertLessEqual(names, {"PATH", "HOME", "TERM", "LANG", "CI", "DEBIAN_FRONTEND", "WERROR"} |
                             {"PWD", "OLDPWD", "SHLVL", "_"})
        for seen in (setup, npm):
            self.assertIn("http_proxy=http://proxy.example", seen)

    def test_failures_are_counted(self):
        for make, last in ((PRINTS + "exit 2\n", "3 passed, 4 failed"), ("#!/bin/sh\nexit 2\n", "0 passed, 4 failed")):
            done, *_ = self.run_ci(make)
            self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (1, last))


if __name__ == "__main__":
    unittest.main()
