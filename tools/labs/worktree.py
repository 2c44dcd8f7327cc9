"""The tree in which hand-ins are built: the starter, with the checks that are held back, and one hand-in's files.

There is one for each job, kept from hand-in to hand-in and from run to run, so that only what a student has changed is
compiled. Sources belong to the grader; only build/ belongs to the user who compiles.
"""

import fcntl
import pathlib
import re
import shutil
import subprocess

import cut
import sandbox
import starter
from lab import LabError

KERNEL = "build/kernel"
PATIENCE = 1800  # seconds, for the first build of a tree
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # of a student's line that the compiler quotes
TOOL = re.compile(r"^/\S*/(?=(?:ld|as|cc1|cc1plus|collect2): )")  # where the machine has its compiler


class Worktree:
    def __init__(self, lab, folder, job=0):
        self.lab, self.folder = lab, pathlib.Path(folder)
        self.image = self.folder / KERNEL / "labs" / f"{lab.name}.elf"
        self.public = self.image.with_name(f"{lab.name}-public.elf")  # that of a starter, about which labs ask
        self.private = {}  # file of a teacher's own checks -> content
        self.job = job
        self.box = None

    def prepare(self, private=None):
        """Writes the starter and configures its build. private: the folder of a teacher's own checks."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lock = (self.folder.parent / f"{self.folder.name}.lock").open("w", encoding="utf-8")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LabError(f"another run is at work in {self.folder}") from None
        tree = starter.starter_tree(self.lab)
        self.modes = tree.modes
        self.given = {**tree.files, **self.held_back()}
        self.given.update({path: b"" for path in self.lab.optional if path not in self.given})
        if private:
            self.private = {f"labs/{self.lab.name}/private/{path.name}": path.read_bytes()
                            for path in sorted(pathlib.Path(private).glob("*.[ch]"))}
            self.given.update(dict.fromkeys(self.private, b""))
        self.lay_out({})
        self.configure()
        (self.folder / "build" / "tmp").mkdir(exist_ok=True)
        self.box = sandbox.Sandbox(self.folder, self.job)
        self.box.own(self.folder / "build")
        self.build_kernel()

    def build_kernel(self):
        """Builds the starter's kernel: a minute in a new tree, which is not to be counted as a student's."""
        built, output = self.ninja("sealed/libdetour_kernel.a", seconds=PATIENCE)
        if not built:
            raise LabError(f"{self.folder}: the starter does not build: {self.messages(output)[-500:]}")

    def release(self):
        """Lets other runs use the tree."""
        self.lock.close()

    def held_back(self):
        """The observing programs of the held-back set, which a starter does not have."""
        held = self.lab.folder / "held"
        return {str(path.relative_to(self.lab.root)): path.read_bytes() for path in sorted(held.glob("*.[ch]"))}

    def configure(self):
        """Runs CMake if the tree is new or was moved; ninja does it when a description of the build has changed."""
        tree = self.folder / KERNEL
        if (tree / "build.ninja").exists() and (tree / "source").exists() and \
                (tree / "source").read_text(encoding="utf-8") == str(self.folder):
            return
        shutil.rmtree(tree, ignore_errors=True)
        command = ["cmake", "-S", ".", "-B", KERNEL, "-G", "Ninja", "--toolchain", "tools/build/cmake/i686.cmake"]
        done = subprocess.run(command, cwd=self.folder, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            raise LabError(f"cmake cannot configure {tree}: {done.stdout.strip()[-500:]}")
        (tree / "source").write_text(str(self.folder), encoding="utf-8")

    def lay_out(self, files):
        """Makes the tree the starter with these files over it; path -> text."""
        merged = {**self.given, **{path: text.encode() for path, text in files.items()}}
        starter.write_tree(starter.Tree(merged, self.modes, {}), self.folder)

    def build(self, files):
        """Builds the kernel with a hand-in's files: (whether that succeeded, the compiler's messages)."""
        self.image.unlink(missing_ok=True)  # whatever happens, it is not that of the hand-in before
        self.image.with_suffix(".map").unlink(missing_ok=True)
        self.public.unlink(missing_ok=True)
        self.public.with_suffix(".map").unlink(missing_ok=True)
        self.lay_out(files)
        objects = [f"CMakeFiles/lab_{self.lab.name}_objects.dir/{path}.obj" for path in self.lab.files
                   if path.startswith("apps/")]
        built, output = self.ninja("sealed/libdetour_kernel.a", *objects)
        if built:  # a teacher's own checks come into the tree only when the student's files are compiled
            for path, content in self.private.items():
                starter.write_file(self.folder / path, content)
            built, more = self.ninja(f"labs/{self.lab.name}.elf")
            output += more
            for path in self.private:
                starter.write_file(self.folder / path, b"")
            for path in (self.folder / KERNEL).glob(f"**/labs/{self.lab.name}/private/*.o*"):
                path.unlink()
        if built and self.lab.asks:
            built, more = self.ninja(f"labs/{self.public.name}")
            output += more
        return built and self.image.exists(), self.messages(output)

    def ninja(self, *targets, seconds=None):
        return self.box.compile(["ninja", "-C", KERNEL, "--quiet", "-j1", *targets], seconds)

    def messages(self, output):
        """The compiler's messages, without the commands that ninja repeats, and with paths from the tree's root."""
        lines, command = [], False
        for line in output.replace(f"{self.folder}/", "").splitlines():
            if not command and not line.startswith(("FAILED: ", "ninja: ", "-- ")):
                lines.append(TOOL.sub("", line))
            command = line.startswith("FAILED: ")
        return CONTROL.sub("?", "\n".join(lines)).strip()

    def changed(self, files):
        """Lines that a hand-in has and the starter has not: (path, number, line)."""
        for path, text in sorted(files.items()):
            known = set(self.given.get(path, b"").decode().splitlines())
            for number, line in enumerate(text.splitlines(), 1):
                if line not in known:
                    yield path, number, line


def solution(lab):
    """The files of a hand-in that is the kernel itself."""
    return {path: cut.without_marks((lab.root / path).read_text(encoding="utf-8")) for path in lab.files
            if (lab.root / path).exists()}
