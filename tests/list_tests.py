#!/usr/bin/env python3
"""Lists for CMake the tests in files of unittest: a line FILE|TEST for each entry that ctest is to have.

TEST is an argument of unittest.main(): Class.method, or Class where the tests of a class share a session that
setUpClass() begins. A file that cannot be imported is one entry without TEST, which fails and says why.
"""

import importlib
import pathlib
import sys
import unittest


def tests_of(path):
    try:
        module = importlib.import_module(path.stem)
    except Exception:  # pylint: disable=broad-except; it is shown by the test
        return [""]
    found = []
    for name, case in vars(module).items():
        if isinstance(case, type) and issubclass(case, unittest.TestCase):
            methods = unittest.defaultTestLoader.getTestCaseNames(case)
            shared = case.setUpClass.__func__ is not unittest.TestCase.setUpClass.__func__
            found += [name] if shared and methods else [f"{name}.{method}" for method in methods]
    return found


def main(paths):
    sys.dont_write_bytecode = True
    for path in map(pathlib.Path, paths):
        sys.path.insert(0, str(path.parent))
        for test in tests_of(path):
            print(f"{path}|{test}")


if __name__ == "__main__":
    main(sys.argv[1:])
