""".vscode, .devcontainer and .clangd: they can be read, what they name exists, and clangd understands the sources.

That the debugging configurations work is tested in tests/gdb/editor_test.py.
"""

import json
import pathlib
import re
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# One source of each kind, with the list of commands that has it.
SOURCES = {
    "compile_commands.json": ["arch/x86/cpu/paging.cpp", "kernel/detour/detour.cpp", "kernel/detour/detour.hpp",
                              "system/sleep.cpp", "apps/bench/main.c",
               "user/lib/heap.cpp", "user/programs/message.c", "tests/qemu/programs/semaphore.c"],
    "build/host/compile_commands.json": ["tests/host/clock_test.cpp", "tests/qemu/user_test.cpp"],
}


def read_json(name):
    return json.loads((ROOT / name).read_text(encoding="utf-8"))


class Vscode(unittest.TestCase):
    def test_all_files_are_strict_json(self):
        for path in (ROOT / ".vscode").glob("*.json"):
            with self.subTest(path.name):
                json.loads(path.read_text(encoding="utf-8"))

    def test_every_configuration_has_its_task_and_files(self):
        labels = [task["label"] for task in read_json(".vscode/tasks.json")["tasks"]]
        self.assertEqual(len(labels), len(set(labels)))
        for each in read_json(".vscode/launch.json")["configurations"]:
            with self.subTest(each["name"]):
                self.assertIn(each["preLaunchTask"], labels)
                for script in re.findall(r"source \$\{workspaceFolder\}/([\w./-]+)", json.dumps(each["setupCommands"])):
                    self.assertTrue((ROOT / script).is_file(), script)

    def test_tasks_call_verbs_and_scripts_that_exist(self):
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        for task in read_json(".vscode/tasks.json")["tasks"]:
            with self.subTest(task["label"]):
                if task["command"] == "make":
                    self.assertRegex(makefile, rf"(?m)^{task['args'][0]}:")
                for script in re.findall(r"\btools/[\w./-]+", " ".join(task["args"])):
                    self.assertTrue((ROOT / script).is_file(), script)


class Devcontainer(unittest.TestCase):
    def setUp(self):
        self.configuration = read_json(".devcontainer/devcontainer.json")
        self.folder = ROOT / ".devcontainer"
        self.dockerfile = (self.folder / self.configuration["build"]["dockerfile"]).read_text(encoding="utf-8")

    def test_what_it_copies_and_calls_exists(self):
        context = self.folder / self.configuration["build"]["context"]
        for copied in re.findall(r"(?m)^COPY (.*) \S+$", self.dockerfile):
            for name in copied.split():
                self.assertTrue((context / name).is_file(), name)
        for script in re.findall(r"\btools/[\w./-]+", self.configuration["postCreateCommand"]):
            self.assertTrue((ROOT / script).is_file(), script)

    def test_the_jobs_of_the_set_up_are_known_to_it(self):
        setup = (ROOT / "tools" / "build" / "setup.sh").read_text(encoding="utf-8")
        calls = re.findall(r"sh tools/build/setup\.sh ([a-z ]+?)(?: *[;&\\]|$)", self.dockerfile, re.MULTILINE)
        self.assertEqual(len(calls), 2)
        for job in " ".join(calls).split():
            self.assertRegex(setup, rf"(?m)^    {job}\) echo ")

    def test_its_user_and_extensions(self):
        self.assertIn(f"USER {self.configuration['remoteUser']}\n", self.dockerfile)
        self.assertEqual(self.configuration["customizations"]["vscode"]["extensions"],
                         read_json(".vscode/extensions.json")["recommendations"])


@unittest.skipUnless(shutil.which("clangd"), "clangd is not installed")
class Clangd(unittest.TestCase):
    def test_every_kind_of_source_is_understood(self):
        for commands, sources in SOURCES.items():
            if not (ROOT / commands).is_file():
                continue  # nothing was built here
            for source in sources:
                with self.subTest(source):
                    done = subprocess.run(["clangd", f"--check={source}"], cwd=ROOT, stdin=subprocess.DEVNULL,
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120,
                                          check=False)
                    wrong = [line for line in done.stdout.splitlines() if re.match(r"E\[[^]]*\] \[", line)]
                    self.assertEqual(wrong, [])
                    self.assertNotIn("Generic fallback command", done.stdout)


if __name__ == "__main__":
    unittest.main()
