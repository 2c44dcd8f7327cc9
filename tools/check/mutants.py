#!/usr/bin/env python3
"""Applies known wrong versions of the kernel, one at a time, and shows that the tests notice each.

A mutant is a patch in tests/mutants. Its first line names the tests that are to notice it, and says what is wrong:

    # R06 R22: the process that the decision is about is kept in a global

R06 is the test of that rule in detour_rules_test.cpp; any other name is Suite.Test. If none of them fails, all tests of
the suites DetourRules and Sweep are run. The work is done in copies of the tree, in build/mutants.

exit code  meaning
        0  every mutant was noticed
        1  one has survived: a test is missing. Or a patch does not apply, or does not build, and so proves nothing
        2  nothing could be tried: the tests fail without a mutant, or something is missing
       64  usage error
      130  interrupted by Ctrl-C
"""

import argparse
import concurrent.futures
import contextlib
import fcntl
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATCHES = ROOT / "tests" / "mutants"
WORK = ROOT / "build" / "mutants"
SUITES = ("DetourRules", "Sweep")
RULE = re.compile(r"R\d\d$")
HEADER = re.compile(r"# ((?:[\w.]+ )*[\w.]+): (.+)\n")
TEST = re.compile(r"^TEST(?:_P)?\((\w+), (\w+)\)\n\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
RESULT = re.compile(r"\[  (PASSED|FAILED)  \] [1-9]\d* tests?(\.|, listed)")

# A test may take this many seconds plus so many times what it takes without a mutant. Beyond that it hangs: noticed.
PATIENCE = 5
SLOWER = 10


class Fault(Exception):
    """Nothing can be concluded about a mutant, or about any; the text is for the user."""


class Commands:
    """The running programs, each in a process group of its own, so that it can be ended with its children."""

    def __init__(self):
        self.running = set()
        self.lock = threading.Lock()
        self.stopped = False

    def run(self, command, folder, timeout=None, environment=None):
        """(exit code, output); the exit code is None after a time-out."""
        with self.lock:
            if self.stopped:
                raise Fault("stopped")
            process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                                       start_new_session=True)
            self.running.add(process)
        try:
            output, _ = process.communicate(timeout=timeout)
            return process.returncode, output
        except subprocess.TimeoutExpired:
            self.end(process)
            return None, process.communicate()[0]
        finally:
            with self.lock:
                self.running.discard(process)

    @staticmethod
    def end(process):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)  # run.py passes it on to QEMU

    def stop(self):
        with self.lock:
            self.stopped = True
            for process in self.running:
                self.end(process)


COMMANDS = Commands()


@contextlib.contextmanager
def workers(count):
    """A pool of threads; an exception, Ctrl-C included, ends the programs that they started."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        try:
            yield pool
        except BaseException:
            COMMANDS.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class Suite:
    """The tests of tests/qemu: which there are, and which programs each boots."""

    def __init__(self):
        sources = ROOT / "tests" / "qemu"
        programs = {path.stem for path in (sources / "programs").glob("*.c*")}
        self.programs = {}  # of each test, by its full name
        for source in sorted(sources.glob("*_test.cpp")):
            text = source.read_text()
            for suite, name, body in TEST.findall(text):
                named = programs.intersection(re.findall(r'"(\w+)"', body))  # or in a function that the test calls
                named = named or programs.intersection(re.findall(r'"(\w+)"', text))
                self.programs[f"{suite}.{name}"] = sorted(named)

    def resolve(self, name):
        """The full name of a test that a patch names."""
        found = [test for test in self.programs if test == name or
                 (RULE.match(name) and test.startswith(f"DetourRules.{name}_"))]
        if len(found) != 1:
            raise Fault(f"{len(found)} tests have the name {name}")
        return found[0]

    def all(self):
        return [test for test in self.programs if test.split(".")[0] in SUITES]


def short(test):
    """R06 for DetourRules.R06_DecidesAfterTheReschedule."""
    suite, name = test.split(".")
    return name.split("_")[0] if suite == "DetourRules" else test


class Mutant:
    def __init__(self, path, suite):
        self.name = path.stem
        self.patch = path
        with path.open() as lines:
            header = HEADER.fullmatch(next(lines, ""))
        if not header:
            raise Fault(f"{path}: the first line is to be like '# R06 R22: what is wrong'")
        self.description = header[2]
        try:
            self.killers = [suite.resolve(name) for name in header[1].split()]
        except Fault as fault:
            raise Fault(f"{path}: {fault}") from None


class Tree:
    """A copy of the working tree, with its own builds of the kernel and the tests. It is kept from run to run."""

    def __init__(self, number):
        self.folder = WORK / f"tree{number}"
        self.kernel = self.folder / "build" / "kernel"
        self.host = self.folder / "build" / "host"
        self.temporary = self.folder / "build" / "tmp"  # a test that is killed leaves its files behind

    def copy(self):
        """Updates the sources from the working tree. Unchanged files keep their times, and their objects."""
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                                stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
        wanted = {name for name in listed if name and (ROOT / name).is_file()}
        for name in wanted:
            content, target = (ROOT / name).read_bytes(), self.folder / name
            if not target.is_file() or target.read_bytes() != content:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder)
            if path.is_file() and name.parts[0] != "build" and str(name) not in wanted:
                path.unlink()

    def configure(self):
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir(parents=True)
        for tree, arguments in ((self.kernel, ["--toolchain", "tools/build/cmake/i686.cmake"]),
                                (self.host, [f"-DDETOUR_PROGRAMS={self.kernel / 'programs'}"])):
            if not (tree / "build.ninja").exists():
                self.succeed(["cmake", "-S", ".", "-B", str(tree), "-G", "Ninja", *arguments])
        self.succeed(["ninja", "-C", str(self.host), "--quiet", "-j1", "qemu_tests"])

    def build(self, programs):
        images = [f"programs/{name}.elf" for name in programs]
        self.succeed(["ninja", "-C", str(self.kernel), "--quiet", "-j1", *images])

    def succeed(self, command):
        status, output = COMMANDS.run(command, self.folder)
        if status != 0:
            raise Fault(f"{' '.join(command)} failed:\n{output[-3000:]}")

    @contextlib.contextmanager
    def mutated(self, mutant):
        # Outside of any repository, or git would take the paths as those of the repository around build/.
        environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(WORK)}
        apply = ["git", "apply", "--whitespace=nowarn", str(mutant.patch)]  # exact: git knows no fuzz
        status, output = COMMANDS.run(apply, self.folder, environment=environment)
        if status != 0:
            raise Fault(f"{mutant.patch} does not apply:\n{output}")
        try:
            yield
        finally:
            subprocess.run([*apply, "--reverse"], cwd=self.folder, env=environment, check=True)

    def run(self, test, programs, timeout=None):
        """The result of the test (passed, failed or hung) and its output."""
        self.build(programs)
        tests = f"{test}:*/{test}/*"  # the second for those with parameters
        status, output = COMMANDS.run([str(self.host / "tests" / "qemu" / "qemu_tests"), f"--gtest_filter={tests}"],
                                      self.folder, timeout, {**os.environ, "TMPDIR": str(self.temporary)})
        if not RESULT.search(output) and status is not None:
            raise Fault(f"{test} came to no result:\n{output[-3000:]}")
        return ("hung" if status is None else "failed" if status else "passed"), output


class Run:
    """All mutants against the tests."""

    def __init__(self, mutants, suite, jobs):
        self.mutants, self.suite = mutants, suite
        self.trees = [Tree(number) for number in range(1, jobs + 1)]
        self.idle = queue.SimpleQueue()
        self.limits = {}  # seconds that each test may take
        self.counts = {"killed": 0, "SURVIVED": 0, "BROKEN": 0}

    def prepare(self):
        """Copies and builds; then every test must pass without a mutant."""
        with workers(len(self.trees)) as pool:
            for tree in self.trees:
                tree.copy()
            list(pool.map(Tree.configure, self.trees))
            for tree in self.trees:
                self.idle.put(tree)
            tests = dict.fromkeys(test for mutant in self.mutants for test in mutant.killers)
            list(pool.map(self.pass_unmutated, [*tests, *(test for test in self.suite.all() if test not in tests)]))

    @contextlib.contextmanager
    def tree(self):
        tree = self.idle.get()
        try:
            yield tree
        finally:
            self.idle.put(tree)

    def pass_unmutated(self, test):
        with self.tree() as tree:
            tree.build(self.suite.programs[test])
            began = time.monotonic()
            verdict, output = tree.run(test, self.suite.programs[test])
        if verdict != "passed":
            raise Fault(f"{test} has {verdict} without a mutant:\n{output[-3000:]}")
        self.limits[test] = PATIENCE + SLOWER * (time.monotonic() - began)

    def try_mutant(self, mutant):
        """(the verdict, the rest of its line)"""
        began = time.monotonic()
        passed = []
        with self.tree() as tree:
            try:
                with tree.mutated(mutant):
                    for test in dict.fromkeys([*mutant.killers, *self.suite.all()]):
                        verdict, _ = tree.run(test, self.suite.programs[test], self.limits[test])
                        if verdict != "passed":
                            how = " (hung)" if verdict == "hung" else ""
                            blind = " ".join(short(name) for name in mutant.killers if name in passed)
                            late = f", but not by {blind}" if blind else ""
                            return "killed", f"by {short(test)}{how} in {time.monotonic() - began:.1f} s{late}"
                        passed.append(test)
            except Fault as fault:
                return "BROKEN", f"{fault}"
        return "SURVIVED", mutant.description

    def try_all(self):
        width = max(len(mutant.name) for mutant in self.mutants)
        with workers(len(self.trees)) as pool:
            tries = {pool.submit(self.try_mutant, mutant): mutant for mutant in self.mutants}
            for done in concurrent.futures.as_completed(tries):
                state, text = done.result()
                self.counts[state] += 1
                print(f"{state:8} {tries[done].name:{width}} {text}", flush=True)

    def report(self):
        counts = self.counts
        broken = f", {counts['BROKEN']} broken" if counts["BROKEN"] else ""
        print(f"{len(self.mutants)} mutants, {counts['killed']} killed, {counts['SURVIVED']} survived{broken}")
        return 0 if counts["killed"] == len(self.mutants) else 1


def parse(arguments):
    parser = argparse.ArgumentParser(prog="mutants.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.error = lambda message: (print(f"mutants: {message}; see mutants.py --help", file=sys.stderr), sys.exit(64))
    parser.add_argument("names", nargs="*", metavar="MUTANT", help="try only these")
    parser.add_argument("--list", action="store_true", help="only print what there is")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="how many at a time (2)")
    options = parser.parse_args(arguments)
    if options.jobs < 1:
        parser.error("--jobs must be above 0")
    unknown = [name for name in options.names if not (PATCHES / f"{name}.patch").is_file()]
    if unknown:
        parser.error(f"there is no mutant {' '.join(unknown)}")
    return options


@contextlib.contextmanager
def locked():
    """Two runs would use the same trees."""
    WORK.mkdir(parents=True, exist_ok=True)
    with (WORK / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Fault("another run is at work in build/mutants") from None
        yield


def on_signal(_number, _frame):
    raise KeyboardInterrupt


def main(arguments):
    options = parse(arguments)
    signal.signal(signal.SIGTERM, on_signal)
    try:
        suite = Suite()
        paths = [PATCHES / f"{name}.patch" for name in options.names] or sorted(PATCHES.glob("*.patch"))
        mutants = [Mutant(path, suite) for path in paths]
        if not mutants:
            raise Fault(f"there is no patch in {PATCHES}")
        if options.list:
            for mutant in mutants:
                print(f"{mutant.name}: {mutant.description} [{' '.join(map(short, mutant.killers))}]")
            return 0
        with locked():
            run = Run(mutants, suite, min(options.jobs, len(mutants)))
            run.prepare()
            run.try_all()
        return run.report()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader is gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 130
    except Fault as fault:
        print(f"mutants: {fault}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
